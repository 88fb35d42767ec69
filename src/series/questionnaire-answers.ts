import { isObject, listOf, type JsonObject, type Resource } from '../fhir/resource.ts';

/** Codes of LOINC's answer list LL358-3 (PHQ and GAD frequency) with their scores. */
const FREQUENCY: ReadonlyMap<unknown, number> = new Map([
  ['LA6568-5', 0],
  ['LA6569-3', 1],
  ['LA6570-1', 2],
  ['LA6571-9', 3],
]);
/** A coded answer's score, stated with it (extension-ordinalvalue.html). */
const ORDINAL_VALUE = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';
/** Statuses of answers that were withdrawn or may still change (questionnaireresponse.html, status). */
const UNFINISHED = new Set<unknown>(['entered-in-error', 'in-progress']);

/** Whether a QuestionnaireResponse may be read as what the person answered. */
export const answered = (response: Resource): boolean =>
  response.resourceType === 'QuestionnaireResponse' && !UNFINISHED.has(response['status']);

/** Numeric answers of a QuestionnaireResponse by linkId, however deep; `/44250-9` is read as `44250-9`. */
export function numericAnswers(response: Resource): ReadonlyMap<string, number> {
  const answers = new Map<string, number>();
  const visit = (holder: JsonObject): void => {
    for (const item of listOf(holder['item'])) {
      if (!isObject(item)) continue;
      const answer = listOf(item['answer']).find(isObject);
      const value = answer && score(answer);
      if (typeof item['linkId'] === 'string' && value !== undefined)
        answers.set(item['linkId'].replace(/^\//, ''), value);
      if (answer) visit(answer);
      visit(item);
    }
  };
  visit(response);
  return answers;
}

function score(answer: JsonObject): number | undefined {
  for (const member of ['valueInteger', 'valueDecimal'] as const) {
    const value = answer[member];
    if (typeof value === 'number') return value;
  }
  const coding = answer['valueCoding'];
  if (!isObject(coding)) return undefined;
  const ordinal = listOf(coding['extension'])
    .filter(isObject)
    .find((extension) => extension['url'] === ORDINAL_VALUE)?.['valueDecimal'];
  return typeof ordinal === 'number' ? ordinal : FREQUENCY.get(coding['code']);
}
