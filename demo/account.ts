import { isObject, listOf } from '../src/fhir/resource.ts';

/** What a step tells the reader. */
export interface Told {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What a CodeableConcept says in words. */
export const conceptText = (concept: unknown): string => {
  if (!isObject(concept)) return '';
  const coding = listOf(concept['coding']).find(isObject);
  return text(concept['text'] ?? coding?.['display'] ?? coding?.['code']);
};
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
