import { describe, expect, test } from '@jest/globals';
import { isLanguageTag } from '../../src/conformance/validation/language-tag.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { validating } from './validating.ts';

const validate = validating();

describe('a language of BCP 47', () => {
  // The examples of RFC 5646, appendix A, and what was registered before it.
  test.each([
    ...[
      'de',
      'fr',
      'i-enochian',
      'zh-Hant',
      'zh-cmn-Hans-CN',
      'cmn-Hans-CN',
      'zh-yue-HK',
      'sr-Latn-RS',
      'sl-rozaj-biske',
    ],
    ...['de-CH-1901', 'sl-IT-nedis', 'hy-Latn-IT-arevela', 'es-419', 'de-CH-x-phonebk', 'az-Arab-x-AZE-derbend'],
    ...['x-whatever', 'qaa-Qaaa-QM-x-southern', 'en-US-u-islamcal', 'zh-CN-a-myext-x-private', 'en-a-myext-b-another'],
    ...['en-US', 'EN-us', 'en-GB-oed', 'i-klingon', 'sgn-BE-FR', 'art-lojban', 'zh-min-nan'],
  ])('can be %s', (tag) => {
    expect(isLanguageTag(tag)).toBe(true);
  });

  test.each([
    ...['d', 'en_US', 'de-', '-de', 'de--CH', 'de-419-DE', 'a-DE', 'en US', 'plattdeutsch', 'x', 'de-x', 'en-a'],
    ...['ar-a-aaa-b', 'i-nothing', 'english!', 'überall', 'en-US-\n', `de${'-x-a'.repeat(100)}`],
  ])('cannot be %j', (tag) => {
    expect(isLanguageTag(tag)).toBe(false);
  });

  test('is what codes of languages must be, wherever they stand', () => {
    const right = { resourceType: 'Patient', language: 'zh-yue' };
    expect(validate(right)).toEqual([]);
    expect(validate({ ...right, language: 'en_US' })).toEqual([
      'error Patient.language: en_US is no language of BCP 47, such as de or en-US',
    ]);
    const photo = (language: string) => ({ ...right, photo: [{ contentType: 'image/png', language }] });
    expect(validate(photo('tlh'))).toEqual([]);
    expect(validate(photo('en_US'))[0]).toMatch(/^error Patient.photo\[0\].language: en_US/);
  });

  test('is what a coding of that system must be; a concept may be a text, or coded otherwise', () => {
    const spoken = (language: JsonObject) => validate({ resourceType: 'Patient', communication: [{ language }] });
    const coding = (code: string, system = 'urn:ietf:bcp:47') => ({ coding: [{ system, code }] });
    expect(spoken(coding('nl'))).toEqual([]);
    expect(spoken({ text: 'Dutch' })).toEqual([]);
    expect(spoken(coding('n_l', 'http://example.org/languages'))).toEqual([]);
    expect(spoken(coding('n_l'))[0]).toMatch(/^error Patient.communication\[0\].language: n_l/);
  });
});
