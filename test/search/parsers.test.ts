import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitUnescaped, unescaped } from '../../src/search/escape.ts';
import { type Filter, parseFilter } from '../../src/search/filter-syntax.ts';
import { openCursor, sealCursor } from '../../src/search/page-cursor.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { parse } from './matching.ts';

const refusedOr = <T>(work: () => T): T | Problem => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('escaping', () => {
  const part = fc.string({ unit: fc.constantFrom(...'ab,|$\\ é') });
  const escaped = (text: string) => text.replace(/[,|$\\]/g, '\\$&');

  test.each([',', '|', '$'] as const)('parts that are escaped and joined by %s come apart again', (separator) => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(escaped).join(separator);
        expect(splitUnescaped(text, separator).map(unescaped)).toEqual(parts);
      }),
    );
  });

  test('any text comes apart into what it was made of', () => {
    fc.assert(fc.property(part, (text) => splitUnescaped(text, ',').join(',') === text));
  });
});

test('a value given twice is asked for once', () => {
  expect(parse('Patient', 'name=a,b,a&_content=x,x')).toMatchObject({
    query: parse('Patient', 'name=a,b&_content=x').query,
  });
});

describe('_filter', () => {
  const name = fc.constantFrom('name', 'birthdate', '_id', 'general-practitioner');
  const value = fc.oneof(
    fc.constantFrom('a', '2020-01', 'Patient/1', 'http://x|y'),
    fc.string({ minLength: 1, unit: 'binary' }),
  );
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 5 },
      fc.record({
        kind: fc.constant('test' as const),
        path: fc.array(fc.record({ name }), { minLength: 1, maxLength: 3 }),
        operator: fc.constantFrom('eq', 'co', 'gt', 'pr', 're'),
        value,
      }),
      fc.record({ kind: fc.constant('not' as const), of: tie('filter') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('filter'), right: tie('filter') }),
    ),
  }));
  /** A nested filter in brackets; the left one of a pair needs none. */
  const written = (it: Filter): string => {
    if (it.kind === 'test')
      return `${it.path.map((segment) => segment.name).join('.')} ${it.operator} ${JSON.stringify(it.value)}`;
    if (it.kind === 'not') return `not (${written(it.of)})`;
    return `${written(it.left)} ${it.kind} ${it.right.kind === 'test' ? written(it.right) : `(${written(it.right)})`}`;
  };

  test('what is written is read', () => {
    fc.assert(
      fc.property(filter, (it) => expect(parseFilter('_filter', written(it))).toEqual(it)),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused, and nesting has an end', () => {
    const soup = fc.array(
      fc.constantFrom('name', 'eq', 'a', '"', '(', ')', '[', ']', '.', 'and', 'not', ':', '\\', ' '),
      { maxLength: 20 },
    );
    const text = fc.oneof(
      fc.string(),
      soup.map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (it) => refusedOr(() => parseFilter('_filter', it)) !== undefined),
      { numRuns: 2000 },
    );
    for (const open of ['(', 'not (', 'a[']) {
      const refusal = refusedOr(() => parseFilter('_filter', open.repeat(100_000)));
      expect(refusal instanceof Problem && refusal.kind).toBe('too-costly');
    }
  });
});

describe('page cursors', () => {
  const key = Buffer.alloc(32, 3);
  const { query } = parse('Patient', 'name=m&_sort=name');
  const position = fc.array(
    fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.constant(null),
    ),
    { maxLength: 5 },
  );
  const direction = fc.constantFrom('next' as const, 'previous' as const);

  test('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(direction, position, (way, at) => {
        const cursor = { direction: way, position: at.map((it) => (Object.is(it, -0) ? 0 : it)) };
        expect(openCursor(key, query, sealCursor(key, query, cursor))).toEqual(cursor);
      }),
    );
  });

  test('are refused once a single bit has changed, and so is any other text', () => {
    const sealed = Buffer.from(sealCursor(key, query, { direction: 'next', position: ['müller', 5] }), 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => openCursor(key, query, changed.toString('base64url'))).toThrow('page link');
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => expect(() => openCursor(key, query, text)).toThrow('page link')));
  });
});
