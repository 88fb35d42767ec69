import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile } from '../../src/fhir/fhirpath/compile.ts';
import { withinTime } from '../../src/fhir/fhirpath/time-limit.ts';
import { parseJson, writeJson } from '../../src/fhir/json.ts';
import { dateInterval, instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { parseCanonical, parseReference } from '../../src/fhir/reference.ts';

/** What the work gives, or undefined where it ends in a Problem; anything else thrown is thrown on. */
const orRefused = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
};
const kindOf = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof Problem) return error.kind;
    throw error;
  }
};

describe('JSON', () => {
  const text = '{"resourceType":"Patient","a":[0.10,1e3,-0,"\\u00e9\\n",null,{"b":{}}],"c":true}';
  const pieces = fc.constantFrom(
    '',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '{',
    ']',
    ',',
    ':',
    '1e400',
    '0',
    '-',
    '.',
    '\u0001',
  );
  const damage = fc.array(fc.tuple(fc.nat(text.length), fc.nat(6), pieces), { minLength: 1, maxLength: 3 });

  test('damaged text is refused as such, or means what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(damage, (damages) => {
        const damaged = damages.reduce((it, [at, length, put]) => it.slice(0, at) + put + it.slice(at + length), text);
        const value = orRefused(() => parseJson(damaged));
        if (value !== undefined) expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(damaged)));
      }),
      { numRuns: 3000 },
    );
  });

  test('any bytes are refused as malformed, or written back as they mean', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json().map((it) => Buffer.from(it)),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const value = orRefused(() => parseJson(body));
        if (value !== undefined) expect(writeJson(parseJson(writeJson(value)))).toBe(writeJson(value));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dates', () => {
  test('an instant lies in what each of its shortenings covers, and a longer text covers less', () => {
    const instant = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, (date) => {
        const whole = instantText(date.getTime());
        let width = Number.POSITIVE_INFINITY;
        for (const short of [4, 7, 10]
          .map((length) => whole.slice(0, length))
          .concat(`${whole.slice(0, 19)}Z`, whole)) {
          const { low, high } = dateInterval(short) ?? { low: Number.NaN, high: Number.NaN };
          expect([low <= date.getTime(), high >= date.getTime(), high - low < width]).toEqual([true, true, true]);
          width = high - low;
        }
      }),
    );
  });

  test('a zone moves a time, and any other text is none', () => {
    const zone = fc.tuple(fc.integer({ min: -13, max: 13 }), fc.integer({ min: 0, max: 59 }));
    fc.assert(
      fc.property(zone, ([hours, minutes]) => {
        const two = (n: number) => String(Math.abs(n)).padStart(2, '0');
        const sign = hours < 0 ? -1 : 1;
        const low = dateInterval(`2026-03-01T12:00:00${sign < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`)?.low;
        expect(low).toBe(Date.UTC(2026, 2, 1, 12) - sign * (Math.abs(hours) * 60 + minutes) * 60_000);
      }),
    );
    const odd = fc.string({ unit: fc.constantFrom(...'0129-:.TZ+ é'), maxLength: 30 });
    fc.assert(
      fc.property(odd, (text) => {
        const interval = dateInterval(text);
        return interval === undefined || interval.low <= interval.high;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('references', () => {
  const type = fc.constantFrom('Patient', 'Observation', 'Basic');
  const id = fc
    .string({ unit: fc.constantFrom(...'abcXYZ019-.'), minLength: 1, maxLength: 64 })
    .filter((it) => it !== '.' && it !== '..');
  const base = 'http://fhir.test/fhir';

  test('[type]/[id]/_history/[version] is read back, relative or below our base', () => {
    fc.assert(
      fc.property(type, id, fc.option(id), fc.boolean(), (itsType, itsId, version, isAbsolute) => {
        const relative = `${itsType}/${itsId}${version === null ? '' : `/_history/${version}`}`;
        const parsed = parseReference(isAbsolute ? `${base}/${relative}` : relative, base);
        expect(parsed).toEqual({ kind: 'local', type: itsType, id: itsId, version });
      }),
    );
  });

  test('any text is a reference or none, and nothing is thrown', () => {
    const odd = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'aP/:?#|_history.-%'), maxLength: 60 }));
    fc.assert(
      fc.property(
        odd,
        (text) => parseReference(text, base) === undefined || parseCanonical(text).url.length <= text.length,
      ),
    );
    expect(parseReference('/'.repeat(1_000_000), base)).toBeUndefined();
    expect(parseReference(`urn:${'a'.repeat(1_000_000)}`, base)?.kind).toBe('urn');
  });
});

describe('FHIRPath from a client', () => {
  const patient = {
    resourceType: 'Patient',
    active: true,
    name: [{ family: `${'a'.repeat(40)}!`, given: ['P', 'Q'] }],
  };
  const words = fc.constantFrom(
    ...[
      'Patient',
      'name',
      'given',
      'family',
      '.',
      '(',
      ')',
      '[',
      ']',
      '1',
      '0.5',
      "'a'",
      '@2015',
      '@T10',
      '+',
      '-',
      '*',
      '/',
    ],
    ...[
      'div',
      'mod',
      '|',
      '&',
      '=',
      '~',
      '<',
      'and',
      'implies',
      'in',
      'is',
      'as',
      '%resource',
      '$this',
      '$index',
      '{}',
      ',',
    ],
    ...[
      'where',
      'select',
      'first()',
      'count()',
      'toChars()',
      'substring(1)',
      'matches',
      'not()',
      '5 years',
      '`x`',
      'iif',
    ],
  );

  test('any text is evaluated or refused', () => {
    const soup = fc.oneof(
      fc.array(words, { maxLength: 14 }).map((parts) => parts.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(soup, (text) => {
        orRefused(() => withinTime(1000, text, () => compile(text).evaluate(patient)));
      }),
      { numRuns: 4000 },
    );
  });

  test.each([
    ['a chain without end', `Patient${'.name'.repeat(5000)}`, 'invalid'],
    ['a sum without end', `1${' + 1'.repeat(5000)}`, 'invalid'],
    ['signs without end', `${'-'.repeat(50_000)}1`, 'invalid'],
    ['brackets without end', `${'('.repeat(5000)}1${')'.repeat(5000)}`, 'invalid'],
    ['text without end', `'a'${".replace('a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')".repeat(8)}`, 'too-costly'],
    ['matches that grow', `'a'${".replaceMatches('a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')".repeat(8)}`, 'too-costly'],
    ['a pattern that backtracks', "Patient.name.where(family.matches('(a+)+$'))", 'too-costly'],
    ['steps that multiply', `Patient.name${'.select($this.combine($this))'.repeat(60)}`, 'too-costly'],
  ])('%s is refused in time', (_title, text, kind) => {
    const begun = performance.now();
    expect(kindOf(() => withinTime(300, 'it', () => compile(text).evaluate(patient)))).toBe(kind);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('what was cut off leaves the next evaluation whole', () => {
    const costly = () =>
      withinTime(50, 'it', () => compile("Patient.name.where(family.matches('(a+)+$'))").evaluate(patient));
    expect(kindOf(costly)).toBe('too-costly');
    expect(
      withinTime(50, 'it', () =>
        compile('Patient.name.given')
          .evaluate(patient)
          .map(({ text }) => text),
      ),
    ).toEqual(['P', 'Q']);
    expect(kindOf(() => withinTime(5000, 'outer', costly))).toBe('too-costly');
  });
});
