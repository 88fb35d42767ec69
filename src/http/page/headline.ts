import { literal } from '../../fhir/json.ts';
import { isObject, type Json, type JsonObject, listOf } from '../../fhir/resource.ts';

const WHEN = [
  'effectiveDateTime',
  'effectiveInstant',
  'effectivePeriod',
  'occurrenceDateTime',
  'onsetDateTime',
  'authoredOn',
  'authored',
  'period',
  'sent',
  'date',
  'recorded',
  'recordedDate',
  'issued',
  'birthDate',
];

/** What a resource is about in a few words, for the row of a table: name or title, code, value, status. */
export function headline(resource: JsonObject): string {
  const { name, title, code, type, status, issue } = resource;
  const [first] = listOf(issue);
  if (isObject(first)) return [first['severity'], first['diagnostics']].filter(isText).join(': ');
  const parts = [
    nameText(name),
    isText(title) ? title : '',
    conceptText(code) || conceptText(type),
    valueText(resource),
  ];
  const told = parts.filter((part) => part !== '');
  return [...told, ...(isText(status) && status !== 'final' ? [status] : [])].join(' · ');
}

/** The moment or period that a resource is of, as it states it; '' where it states none. */
export function whenText(resource: JsonObject): string {
  for (const member of WHEN) {
    const value = resource[member];
    if (isText(value)) return value;
    if (isObject(value)) return [value['start'], value['end']].filter(isText).join(' – ');
  }
  return '';
}

function nameText(name: Json | undefined): string {
  if (isText(name)) return name;
  const [first] = listOf(name);
  if (!isObject(first)) return '';
  return isText(first['text']) ? first['text'] : [...listOf(first['given']), first['family']].filter(isText).join(' ');
}

/** A code, CodeableConcept or Coding, its text before its code. */
function conceptText(value: Json | undefined): string {
  if (isText(value)) return value;
  const [concept] = listOf(value);
  if (!isObject(concept)) return '';
  if (isText(concept['text'])) return concept['text'];
  const [coding] = listOf(concept['coding']);
  const { display, code } = isObject(coding) ? coding : concept;
  return isText(display) ? display : isText(code) ? code : '';
}

function valueText(resource: JsonObject): string {
  const { valueQuantity: quantity, valueString: text, valueCodeableConcept: concept } = resource;
  if (isObject(quantity))
    return `${literal(quantity, 'value')} ${isText(quantity['unit']) ? quantity['unit'] : ''}`.trim();
  if (isText(text)) return text;
  return isObject(concept) ? conceptText(concept) : '';
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
