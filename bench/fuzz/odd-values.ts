import type { Random } from './random.ts';

/** Texts that parsers, stores and pages have stumbled over. */
const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\u0001\u001f',
  '\u007f\u0085',
  '\ud800',
  '\udfff\ud800',
  '\ufeff\ufffe\uffff',
  '\u202e\u200b',
  '😀',
  'ß'.repeat(300),
  'a\u0308'.repeat(40),
  '../../etc/passwd',
  "' OR 1=1 --",
  '"; DROP TABLE resource; --',
  "Robert'); DELETE FROM version; --",
  '$where',
  '{"$gt":""}',
  '(a+)+$',
  `${'a'.repeat(60)}!`,
  '.*',
  '[',
  '\\',
  '\\,\\|\\$\\\\',
  '%',
  '%00',
  '%zz',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '<script>alert(1)</script>',
  '&amp;&#0;]]>',
  'null',
  'undefined',
  'NaN',
  '1e400',
  '-1e400',
  '1e-400',
  '0.10',
  '-0',
  '99999999999999999999',
  '-1',
  '0',
  '2147483648',
  '0x10',
  'ge',
  'eq2020',
  'ge2026-02-30',
  '9999-12-31T23:59:60+14:00',
  '0000',
  '0001',
  '10000-01-01',
  '2026-01-01T24:00:00Z',
  '5.4|http://unitsofmeasure.org|mg',
  '|||',
  ',,,',
  '$$$',
  '#',
  '?',
  '/',
  ':',
  '*',
  'Patient/',
  'Patient/p1/_history/',
  'urn:uuid:',
  'http://',
  'http://[::1',
  'file:///etc/passwd',
];

/** JSON values where others are expected. */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '""',
  '" "',
  '0',
  '-0',
  '0.10',
  '1e-400',
  '1E+2',
  '12345678901234567890123',
  '0.1234567890123456789012345678901234567890',
  '"\\u0001"',
  '"\\u000b"',
  '{"constructor":{"prototype":{"a":1}}}',
  '{"toString":1}',
  '{"extension":[{"url":"http://x.test"}]}',
  '{"extension":[{"url":"http://x.test","valueString":"a","valueBoolean":true}]}',
  '{"reference":"Patient/p1"}',
  '{"reference":"#"}',
  '{"coding":[{"system":"http://loinc.org","code":"x"}]}',
  '{"resourceType":"Patient"}',
  '{"resourceType":"__proto__"}',
  '"2026-02-30"',
  '"2026-01-01T00:00:00"',
  '"Patient/p1"',
];
/** What is no JSON, or JSON that must not be taken. */
const BAD_TOKENS: readonly string[] = [
  '1e400',
  '-1e400',
  '01',
  '.5',
  '5.',
  'NaN',
  'Infinity',
  '"\\u0000"',
  '"\u0001"',
  '"\\ud800"',
  '"\\x41"',
  '"unended',
  "'single'",
  '{"__proto__":{"a":1}}',
  '{"a":1,"a":2}',
  ',',
  ':',
  '/* */',
];

const LONG = [1000, 20_000, 200_000];

/** A text that is hostile, huge or merely strange. */
export function oddText(random: Random): string {
  const chosen = random.share();
  if (chosen < 0.75) return random.pick(ODD_TEXTS);
  if (chosen < 0.95)
    return String.fromCodePoint(
      ...random.several(1, 12, () => random.below(random.pick([128, 256, 0xd800, 0x10ffff]))),
    );
  return random.pick(['a', '\\', '(', 'é', '%']).repeat(random.pick(LONG));
}

/** A JSON value to stand for another; one in five is not well formed or nested too deeply. */
export function oddToken(random: Random): string {
  const chosen = random.share();
  if (chosen < 0.6) return random.pick(ODD_VALUES);
  if (chosen < 0.8) return JSON.stringify(oddText(random));
  if (chosen < 0.92) return random.pick(BAD_TOKENS);
  const depth = random.pick([5, 20, 60, 64, 65, 1000, 50_000]);
  return random.chance(0.5)
    ? `${'['.repeat(depth)}${']'.repeat(depth)}`
    : `{${'"extension":[{"url":"a",'.repeat(depth)}"valueBoolean":true${'}]'.repeat(depth)}}`;
}

/** Percent-encoded as UTF-8; what is no character becomes U+FFFD, as in a browser. */
export const percentEncoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
