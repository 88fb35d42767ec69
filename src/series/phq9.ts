import type { Resource } from '../fhir/resource.ts';
import { PHQ9_ITEMS } from './codes.ts';
import { numericAnswers } from './questionnaire-answers.ts';

export interface Phq9 {
  /** Items 1–9, 0–3 each; undefined where not answered. */
  readonly items: readonly (number | undefined)[];
  /** 0–27; undefined unless all nine items are answered. */
  readonly total?: number;
  /** Thoughts of being better off dead or of self-harm, 0–3: above 0 asks for a safety review whatever the total. */
  readonly item9?: number;
  readonly severity?: 'minimal' | 'mild' | 'moderate' | 'moderately severe' | 'severe';
}

/** Scores a PHQ-9 (Kroenke 2001: bands 0–4, 5–9, 10–14, 15–19, 20–27); undefined where no item of it is answered. */
export function phq9(response: Resource): Phq9 | undefined {
  const answers = numericAnswers(response);
  const items = PHQ9_ITEMS.map((code) => answers.get(code)).map((value) =>
    value !== undefined && Number.isInteger(value) && value >= 0 && value <= 3 ? value : undefined,
  );
  if (items.every((value) => value === undefined)) return undefined;
  const item9 = items[8];
  const known = items.filter((value): value is number => value !== undefined);
  if (known.length < items.length) return { items, ...(item9 !== undefined && { item9 }) };
  const total = known.reduce((sum, value) => sum + value, 0);
  const severity =
    total < 5 ? 'minimal' : total < 10 ? 'mild' : total < 15 ? 'moderate' : total < 20 ? 'moderately severe' : 'severe';
  return { items, total, severity, ...(item9 !== undefined && { item9 }) };
}
