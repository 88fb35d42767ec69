import { isObject, type Json, type Resource } from '../fhir/resource.ts';

/** Members of a Patient whose words identify. */
const IDENTIFYING = ['name', 'telecom', 'address', 'identifier', 'contact', 'birthDate', 'id', 'photo'] as const;
/** Words of codes and systems that stand beside the identifying ones and identify nobody. */
const HARMLESS = new Set(['system', 'use', 'type', 'relationship', 'gender', 'period', 'rank']);

const E_MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const PHONE = /(?<![\w.:-])\+?\d(?:[ ()-]?\d){8,}(?![\w.])/g;
const URL_TEXT = /\bhttps?:\/\/\S+/gi;
/** Dates of service identify too (45 CFR 164.514(b)(2)). */
const DATE = /(?<![\w.])\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?(?![\w])/g;
const REFERENCE = /\b(?:Patient|RelatedPerson|Practitioner|Person)\/[A-Za-z0-9\-.]{1,64}/g;

/**
 * Strips what identifies a person from a text that leaves the house: every word of the Patient's names, addresses,
 * identifiers and contacts, its birth date and id, e-mail and web addresses, telephone numbers, dates and references to people.
 */
export function deIdentifier(patient: Resource): (text: string) => string {
  const words = new Set<string>();
  for (const member of IDENTIFYING) collect(patient[member], words);
  const known = [...words].filter((word) => word.length >= 2).sort((a, b) => b.length - a.length);
  const own =
    known.length > 0
      ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${known.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'giu')
      : undefined;
  return (text) => {
    // The person's own words first: a mask laid over half of an identifier would hide it from them.
    const masked = own ? text.replace(own, '[removed]') : text;
    return masked
      .replace(URL_TEXT, '[address]')
      .replace(REFERENCE, '[person]')
      .replace(E_MAIL, '[e-mail]')
      .replace(DATE, '[date]')
      .replace(PHONE, '[number]');
  };
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function collect(value: Json | undefined, words: Set<string>): void {
  if (typeof value === 'string') {
    words.add(value);
    for (const word of value.split(/[\s,;]+/))
      if (/\p{L}/u.test(word) ? word.length >= 2 : word.length >= 4) words.add(word);
  } else if (Array.isArray(value)) for (const item of value) collect(item, words);
  else if (isObject(value))
    for (const [member, inner] of Object.entries(value)) if (!HARMLESS.has(member)) collect(inner, words);
}
