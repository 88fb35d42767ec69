import type { AuditRecord } from '../../audit-log.ts';

const LINES = 4;

/** Records as lines, four each: time, change, terms, text. One string crosses to another thread in one copy. */
export const recordLines = (records: readonly AuditRecord[]): string =>
  records
    .map(({ at, change = -1, terms, text }) => `${at}\n${change}\n${termLine(terms)}\n${oneLine(text)}`)
    .join('\n');

export function recordsOfLines(lines: string): AuditRecord[] {
  if (lines === '') return [];
  const parts = lines.split('\n');
  return Array.from({ length: parts.length / LINES }, (_, n) => {
    const [at = '', change = '', terms = '', text = ''] = parts.slice(n * LINES, (n + 1) * LINES);
    return { at: Number(at), change: Number(change), terms: termsOf(terms), text };
  });
}

const AMBIGUOUS = /^\[|[\t\n]/;
/** Terms with tabs between; as JSON where one of them could be taken for several, or for JSON. */
const termLine = (terms: readonly string[]): string =>
  terms.some((term) => AMBIGUOUS.test(term)) ? JSON.stringify(terms) : terms.join('\t');
const termsOf = (line: string): string[] =>
  line === '' ? [] : line.startsWith('[') ? JSON.parse(line) : line.split('\t');

/** Texts are JSON, in which a line break is a blank like any other. */
const oneLine = (text: string): string => (text.includes('\n') ? text.replaceAll('\n', ' ') : text);
