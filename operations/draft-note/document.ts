import type { JsonObject } from '../../src/fhir/resource.ts';
import { CANONICAL, LOINC } from '../../src/series/codes.ts';
import type { Draft } from './drafters.ts';
import type { NoteFact } from './note-facts.ts';

const HEAD = 'DRAFT for review by a clinician. Not signed, not part of the record until it is.';
const xhtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

interface DocumentFacts {
  readonly author: string;
  readonly date: string;
  /** The days that its figures cover. */
  readonly period: JsonObject | undefined;
}

/** The draft as a DocumentReference (documentreference.html): preliminary, with its sources numbered in the text and related in the context. */
export function noteDocument(
  patient: string,
  draft: Draft,
  facts: readonly NoteFact[],
  { author, date, period }: DocumentFacts,
): JsonObject & { readonly resourceType: string } {
  const sources = facts.map(({ number, reference }) => `[${number}] ${reference}`).join('\n');
  const days = period ? `Figures cover ${String(period['start'])} to ${String(period['end'])}.\n\n` : '';
  const text = `${HEAD}\n\n${days}${draft.text}\n\nSources\n${sources}\n`;
  return {
    resourceType: 'DocumentReference',
    meta: { tag: [{ system: `${CANONICAL}/CodeSystem/note-drafter`, code: draft.drafter }] },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${text
        .split(/\n{2,}/)
        .map((paragraph) => `<p>${xhtml(paragraph).replace(/\n/g, '<br/>')}</p>`)
        .join('')}</div>`,
    },
    status: 'current',
    docStatus: 'preliminary',
    type: { coding: [{ system: LOINC, code: '11506-3', display: 'Progress note' }] },
    subject: { reference: `Patient/${patient}` },
    date,
    author: [{ reference: author }],
    description: draft.account,
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          language: 'en',
          data: Buffer.from(text).toString('base64'),
          size: Buffer.byteLength(text),
          title: 'Progress note (draft)',
          creation: date,
        },
      },
    ],
    context: {
      ...(period && { period }),
      related: facts.map(({ number, reference }) => ({ reference, display: `[${number}]` })),
    },
  };
}
