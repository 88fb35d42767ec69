import { createHash } from 'node:crypto';
import type { Resource } from '../../src/fhir/resource.ts';
import { CANONICAL, TWIN_FIGURE, UCUM } from '../../src/series/codes.ts';
import type { Window } from '../../src/series/local-time.ts';
import { type Figure, SECTIONS, type Section } from './figure.ts';

const TWIN_PROFILE = `${CANONICAL}/StructureDefinition/digital-twin`;
const TWIN_FIGURE_PROFILE = `${CANONICAL}/StructureDefinition/twin-figure`;

/** An id that is the same for the same words: a twin and its figures are updated, never multiplied. */
const stableId = (...words: readonly string[]): string =>
  createHash('sha256').update(words.join('|')).digest('hex').slice(0, 40);
export const twinId = (patient: string): string => `twin-${stableId('twin', patient)}`;
const figureId = (patient: string, figure: Figure): string => `twin-${stableId('figure', patient, figure.code)}`;

const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const CATEGORY: Readonly<Record<Section, string>> = {
  sleep: 'activity',
  rhythm: 'activity',
  heart: 'activity',
  activity: 'activity',
  'self-report': 'survey',
  questionnaire: 'survey',
};

const round = (figure: Figure): number => Number(figure.value.toFixed(figure.decimals));

/** A figure as an Observation that says what it was derived from (observation.html, derivedFrom), over how long and how surely. */
export function figureObservation(patient: string, figure: Figure, window: Window): Resource & { id: string } {
  const count = (code: string, display: string, value: number, unit: string) => ({
    code: { coding: [{ system: TWIN_FIGURE, code, display }] },
    valueQuantity: { value, unit, system: UCUM, code: unit },
  });
  return {
    resourceType: 'Observation',
    id: figureId(patient, figure),
    meta: { profile: [TWIN_FIGURE_PROFILE] },
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: CATEGORY[figure.section] }] }],
    code: { coding: [{ system: TWIN_FIGURE, code: figure.code, display: figure.display }], text: figure.display },
    subject: { reference: `Patient/${patient}` },
    effectivePeriod: { start: window.start, end: window.end },
    valueQuantity: { value: round(figure), unit: figure.unit, system: UCUM, code: figure.unit },
    method: { text: figure.method },
    derivedFrom: [...figure.cites].sort().map((reference) => ({ reference })),
    component: [
      count('sample-size', 'Days, nights or answers used', figure.n, '1'),
      ...(figure.standardError === undefined || Number.isNaN(figure.standardError)
        ? []
        : [
            count(
              'standard-error',
              'Standard error',
              Number(figure.standardError.toFixed(figure.decimals + 1)),
              figure.unit,
            ),
          ]),
    ],
  };
}

/** The twin: a Composition whose sections hold the figures as text to read and as references to the Observations behind it. */
export function twinComposition(
  patient: string,
  figures: readonly Figure[],
  window: Window,
  author: string,
  now: string,
): Resource & { id: string } {
  const sections = (Object.keys(SECTIONS) as Section[]).flatMap((section) => {
    const own = figures.filter((figure) => figure.section === section);
    return own.length === 0
      ? []
      : [
          {
            title: SECTIONS[section],
            code: { coding: [{ system: TWIN_FIGURE, code: section, display: SECTIONS[section] }] },
            text: { status: 'generated', div: table(own) },
            entry: own.map((figure) => ({
              reference: `Observation/${figureId(patient, figure)}`,
              display: figure.display,
            })),
          },
        ];
  });
  return {
    resourceType: 'Composition',
    id: twinId(patient),
    meta: { profile: [TWIN_PROFILE] },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><h2>Digital twin</h2><p>${window.start} to ${window.end}. ${figures.length} figures; each cites the recordings it was derived from.</p>${sections.map((section) => `<h3>${section.title}</h3>${section.text.div.replace(' xmlns="http://www.w3.org/1999/xhtml"', '')}`).join('')}</div>`,
    },
    status: 'final',
    type: { coding: [{ system: TWIN_FIGURE, code: 'digital-twin', display: 'Digital twin' }] },
    subject: { reference: `Patient/${patient}` },
    date: now,
    author: [{ reference: author }],
    title: 'Digital twin',
    event: [{ period: { start: window.start, end: window.end } }],
    section: sections,
  };
}

const xhtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Figures as an XHTML table: value, how sure, on how much, how. */
function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ display, value, unit, decimals, n, standardError, method }) => {
    const sure =
      standardError === undefined || Number.isNaN(standardError) ? '' : ` ± ${standardError.toFixed(decimals + 1)}`;
    const shown = unit === '1' || unit === '{score}' ? '' : ` ${unit.replace(/[{}]/g, '')}`;
    return `<tr><td>${xhtml(display)}</td><td>${value.toFixed(decimals)}${sure}${xhtml(shown)}</td><td>n = ${n}</td><td>${xhtml(method)}</td></tr>`;
  });
  return `<div xmlns="http://www.w3.org/1999/xhtml"><table><thead><tr><th>Figure</th><th>Value</th><th>Rests on</th><th>How</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
