import { describe, expect, test } from '@jest/globals';
import { canonicalPredicate } from '../../src/search/canonical-query.ts';
import { openCursor, sealCursor } from '../../src/search/page-cursor.ts';
import type { Cursor } from '../../src/search/query.ts';
import { parse } from './matching.ts';

const key = Buffer.alloc(32, 7);
const cursor: Cursor = { direction: 'previous', position: ['müller', 17, null, -0.5] };
const { query } = parse('Patient', 'name=m&active=true&_sort=name');

describe('page cursors', () => {
  const sealed = sealCursor(key, query, cursor);

  test('come back as they were, for any size of page', () => {
    expect(openCursor(key, query, sealed)).toEqual(cursor);
    expect(openCursor(key, { ...query, count: 3 }, sealed)).toEqual(cursor);
    expect(openCursor(key, parse('Patient', 'active=true&name=m&_sort=name').query, sealed)).toEqual(cursor);
  });

  test('show nothing of what they hold', () => {
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('ller');
  });

  test.each([
    ['another search', () => openCursor(key, parse('Patient', 'name=n&active=true&_sort=name').query, sealed)],
    ['another order', () => openCursor(key, parse('Patient', 'name=m&active=true&_sort=-name').query, sealed)],
    ['another key', () => openCursor(Buffer.alloc(32, 8), query, sealed)],
    [
      'a changed letter',
      () => openCursor(key, query, `${sealed.slice(0, 60)}${sealed[60] === 'A' ? 'B' : 'A'}${sealed.slice(61)}`),
    ],
    ['nothing', () => openCursor(key, query, '')],
    ['something else', () => openCursor(key, query, 'aGVsbG8')],
  ])('are refused for %s', (_title, open) => {
    expect(open).toThrow('page link');
  });
});

test('criteria in another order are the same criteria', () => {
  const one = parse('Patient', 'name=a,b&active=true').query.where;
  const other = parse('Patient', 'active=true&name=b,a').query.where;
  expect(canonicalPredicate(one)).toBe(canonicalPredicate(other));
  expect(canonicalPredicate(one)).not.toBe(canonicalPredicate(parse('Patient', 'active=true&name=b').query.where));
});
