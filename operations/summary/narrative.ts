import { isObject, type Json, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';

const xhtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Generated narrative of some paragraphs and, where there are items, a list. */
export const narrative = (paragraphs: readonly string[], items: readonly string[] = []): JsonObject => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.map((line) => `<p>${xhtml(line)}</p>`).join('')}${
    items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${xhtml(item)}</li>`).join('')}</ul>`
  }</div>`,
});

const conceptText = (concept: Json | undefined): string | undefined => {
  if (!isObject(concept)) return undefined;
  const coding = listOf(concept['coding']).find(isObject);
  return textOf(concept['text']) ?? (coding && (textOf(coding['display']) ?? textOf(coding['code'])));
};

const CONCEPTS = ['code', 'vaccineCode', 'medicationCodeableConcept'];
const DATES = [
  'effectiveDateTime',
  'onsetDateTime',
  'occurrenceDateTime',
  'performedDateTime',
  'authoredOn',
  'recordedDate',
];

/** One line for a reader: what, its value, and when. */
export function line(resource: Resource, medication?: Resource): string {
  const reference = resource['medicationReference'];
  const what =
    CONCEPTS.map((member) => conceptText(resource[member])).find((text) => text !== undefined) ??
    (medication && conceptText(medication['code'])) ??
    (isObject(reference) ? textOf(reference['display']) : undefined) ??
    resource.resourceType;
  const values = [valueText(resource), ...listOf(resource['component']).filter(isObject).map(componentText)].filter(
    (it) => it !== undefined,
  );
  const date = DATES.map((member) => textOf(resource[member]))
    .find((text) => text !== undefined)
    ?.slice(0, 10);
  return `${what}${values.length === 0 ? '' : `: ${values.join(', ')}`}${date === undefined ? '' : ` (${date})`}`;
}

const componentText = (component: JsonObject): string | undefined => {
  const value = valueText(component);
  return value === undefined ? undefined : `${conceptText(component['code']) ?? ''} ${value}`.trim();
};

function valueText(holder: JsonObject): string | undefined {
  const quantity = holder['valueQuantity'];
  if (isObject(quantity) && quantity['value'] !== undefined)
    return `${String(quantity['value'])} ${textOf(quantity['unit']) ?? textOf(quantity['code']) ?? ''}`.trim();
  if (typeof holder['valueInteger'] === 'number' || typeof holder['valueBoolean'] === 'boolean')
    return String(holder['valueInteger'] ?? holder['valueBoolean']);
  return conceptText(holder['valueCodeableConcept']) ?? textOf(holder['valueString']) ?? textOf(holder['conclusion']);
}
