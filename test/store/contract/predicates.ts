import { beforeEach, describe, expect, test } from '@jest/globals';
import type { IndexValue } from '../../../src/search/index-values.ts';
import { and, or, type Predicate } from '../../../src/search/query.ts';
import {
  coded,
  committed,
  date,
  draft,
  ids,
  matching,
  number,
  put,
  quantity,
  query,
  remove,
  text,
  token,
  UCUM,
  uri,
} from './made.ts';
import { fresh, type Open } from './opened.ts';

const LOINC = 'http://loinc.org';
const DAY = 86_400_000;

/** Five Observations small enough to check by hand, and a Patient with one equal value that must never be found among them. */
const STOCK: Readonly<Record<string, readonly IndexValue[]>> = {
  o1: [
    token('code', LOINC, '8867-4', { text: 'heart rate' }),
    token('status', 'http://hl7.org/fhir/observation-status', 'final'),
    date('date', 10 * DAY),
    quantity('value-quantity', 72, '/min', { canonical: { unit: 's-1', value: 1.2, low: 1.19, high: 1.21 } }),
    { ...token('code-value-quantity$0', LOINC, '8867-4'), group: 0 },
    { ...quantity('code-value-quantity$1', 72, '/min'), group: 0 },
  ],
  o2: [
    token('code', 'urn:other', '8867-4', { text: 'pulse' }),
    token('code', null, 'local'),
    date('date', 11 * DAY, 12 * DAY - 1),
    quantity('value-quantity', 100, 'mg', { system: null, code: null, unit: 'mg' }),
  ],
  o3: [
    { ...token('combo$0', LOINC, 'sys'), group: 0 },
    { ...quantity('combo$1', 120, 'mm[Hg]'), group: 0 },
    { ...token('combo$0', LOINC, 'dia'), group: 1 },
    { ...quantity('combo$1', 80, 'mm[Hg]'), group: 1 },
    date('date', 9 * DAY, 8.64e15),
  ],
  o4: [
    token('identifier', 'urn:mrn', '42', { ofType: [{ system: 'urn:v2', code: 'MR' }] }),
    text('name', 'Müller'),
    text('name', 'Anna-Marie'),
    uri('url', 'http://acme.org/fhir/ValueSet/1'),
    number('probability', 0.25, 0.005),
  ],
  o5: [
    token('identifier', 'urn:mrn', '43'),
    text('name', 'MÜLLER-LÜDENSCHEIDT'),
    uri('url', 'urn:oid:1.2.3'),
    number('probability', 0.5, 0.05),
  ],
};

/** Every predicate kind that looks at a resource's own values. */
export function predicateContract(open: Open): void {
  const place = fresh(open, { now: () => 20 * DAY });
  beforeEach(async () => {
    const changes = Object.entries(STOCK).map(([id, values]) => put(draft('Observation', id, { values })));
    await committed(place.store, [...changes, put(draft('Patient', 'x', { values: Object.values(STOCK).flat() }))]);
  });
  const found = async (where: Predicate) => (await matching(place.store, 'Observation', where)).join(' ');

  const token_ = (param: string, match: Extract<Predicate, { kind: 'token' }>['match']): Predicate => ({
    kind: 'token',
    param,
    match,
  });
  const string = (match: 'starts' | 'contains' | 'exact', value: string): Predicate => ({
    kind: 'string',
    param: 'name',
    match,
    value,
  });
  const on = (range: Extract<Predicate, { kind: 'date' }>['range']): Predicate => ({
    kind: 'date',
    param: 'date',
    range,
  });
  const probability = (rest: Omit<Extract<Predicate, { kind: 'number' }>, 'kind' | 'param'>): Predicate => ({
    kind: 'number',
    param: 'probability',
    ...rest,
  });
  const value = (rest: Omit<Extract<Predicate, { kind: 'quantity' }>, 'kind' | 'param'>): Predicate => ({
    kind: 'quantity',
    param: 'value-quantity',
    ...rest,
  });
  const url = (match: 'exact' | 'below' | 'above', to: string): Predicate => ({
    kind: 'uri',
    param: 'url',
    match,
    value: to,
  });
  const pair = (code: string, above: number): Predicate => ({
    kind: 'composite',
    param: 'combo',
    components: [coded('combo$0', code, LOINC), { kind: 'quantity', param: 'combo$1', value: { above } }],
  });

  const table: readonly (readonly [string, Predicate, string])[] = [
    ['all', { kind: 'all' }, 'o1 o2 o3 o4 o5'],
    ['none', { kind: 'none' }, ''],
    ['ids', { kind: 'id', ids: ['o2', 'o4', 'x', 'nope'] }, 'o2 o4'],
    ['no ids', { kind: 'id', ids: [] }, ''],
    ['a code of any system', coded('code', '8867-4'), 'o1 o2'],
    ['a code of one system', coded('code', '8867-4', LOINC), 'o1'],
    ['|code', coded('code', 'local', null), 'o2'],
    ['|code where a system is stated', coded('code', '8867-4', null), ''],
    ['system|', token_('code', { by: 'code', system: 'urn:other' }), 'o2'],
    ['a code is not found under another parameter', coded('status', '8867-4'), ''],
    ['token text', token_('code', { by: 'text', folded: 'heart' }), 'o1'],
    ['of-type', token_('identifier', { by: 'of-type', system: 'urn:v2', code: 'MR', value: '42' }), 'o4'],
    ['of-type with any system', token_('identifier', { by: 'of-type', code: 'MR', value: '42' }), 'o4'],
    [
      'of-type of another value',
      token_('identifier', { by: 'of-type', system: 'urn:v2', code: 'MR', value: '43' }),
      '',
    ],
    ['string start', string('starts', 'muller'), 'o4 o5'],
    ['string start of the second value', string('starts', 'anna'), 'o4'],
    ['string part', string('contains', 'marie'), 'o4'],
    ['LIKE characters are plain characters', string('contains', '%'), ''],
    ['regular expressions are plain characters', string('starts', '.*'), ''],
    ['exact string', string('exact', 'Müller'), 'o4'],
    ['exact string in other case', string('exact', 'müller'), ''],
    ['date within', on({ lowAtLeast: 11 * DAY, highAtMost: 12 * DAY - 1 }), 'o2'],
    ['date overlapping', on({ highAtLeast: 11 * DAY, lowAtMost: 12 * DAY }), 'o2 o3'],
    ['date after', on({ lowAbove: 10 * DAY }), 'o2'],
    ['date before', on({ highBelow: 11 * DAY }), 'o1'],
    ['date ends after', on({ highAbove: 12 * DAY }), 'o3'],
    ['date starts before', on({ lowBelow: 10 * DAY }), 'o3'],
    [
      'lastUpdated now',
      { kind: 'lastUpdated', range: { lowAtLeast: 20 * DAY, highAtMost: 20 * DAY } },
      'o1 o2 o3 o4 o5',
    ],
    ['lastUpdated later', { kind: 'lastUpdated', range: { lowAbove: 20 * DAY } }, ''],
    ['number by precision', probability({ range: { lowAtLeast: 0.24, highAtMost: 0.26 } }), 'o4'],
    ['number above', probability({ value: { above: 0.25 } }), 'o5'],
    ['number at least and below', probability({ value: { atLeast: 0.25, below: 0.5 } }), 'o4'],
    ['quantity of any unit', value({ value: { atLeast: 72 } }), 'o1 o2'],
    ['quantity coded', value({ value: { atLeast: 0 }, unit: { by: 'coded', system: UCUM, code: '/min' } }), 'o1'],
    ['quantity of another system', value({ unit: { by: 'coded', system: 'urn:x', code: '/min' } }), ''],
    ['quantity of a system, whatever its code', value({ unit: { by: 'system', system: UCUM } }), 'o1'],
    ['quantity of a system that none has', value({ unit: { by: 'system', system: 'urn:x' } }), ''],
    ['quantity unit, any system or as written', value({ unit: { by: 'any-system', code: 'mg' } }), 'o2'],
    [
      'quantity canonical',
      value({ range: { lowAtLeast: 1.1, highAtMost: 1.3 }, unit: { by: 'canonical', unit: 's-1' } }),
      'o1',
    ],
    ['quantity canonical value', value({ value: { above: 1.2 }, unit: { by: 'canonical', unit: 's-1' } }), ''],
    ['uri exact', url('exact', 'urn:oid:1.2.3'), 'o5'],
    ['uri below', url('below', 'http://acme.org/fhir/'), 'o4'],
    ['uri above', url('above', 'http://acme.org/fhir/ValueSet/1/_history/5'), 'o4'],
    ['composite in one group', pair('sys', 110), 'o3'],
    ['composite across groups', pair('dia', 110), ''],
    [
      'composite of single elements',
      {
        kind: 'composite',
        param: 'code-value-quantity',
        components: [
          coded('code-value-quantity$0', '8867-4'),
          { kind: 'quantity', param: 'code-value-quantity$1', value: { below: 80 } },
        ],
      },
      'o1',
    ],
    ['missing date', { kind: 'missing', param: 'date', of: 'date', missing: true }, 'o4 o5'],
    ['present date', { kind: 'missing', param: 'date', of: 'date', missing: false }, 'o1 o2 o3'],
    ['missing token', { kind: 'missing', param: 'code', of: 'token', missing: true }, 'o3 o4 o5'],
    ['present string', { kind: 'missing', param: 'name', of: 'string', missing: false }, 'o4 o5'],
    ['present number', { kind: 'missing', param: 'probability', of: 'number', missing: false }, 'o4 o5'],
    ['present quantity', { kind: 'missing', param: 'value-quantity', of: 'quantity', missing: false }, 'o1 o2'],
    ['present uri', { kind: 'missing', param: 'url', of: 'uri', missing: false }, 'o4 o5'],
    ['missing what nobody has', { kind: 'missing', param: 'never', of: 'token', missing: true }, 'o1 o2 o3 o4 o5'],
    ['not, values missing included', { kind: 'not', of: coded('code', '8867-4', LOINC) }, 'o2 o3 o4 o5'],
    ['not of an or', { kind: 'not', of: or(coded('code', 'local'), coded('identifier', '42')) }, 'o1 o3 o5'],
    ['not all', { kind: 'not', of: { kind: 'all' } }, ''],
    [
      'or over kinds',
      or(coded('code', 'local'), string('starts', 'anna'), on({ lowAtLeast: 10 * DAY, highAtMost: 10 * DAY })),
      'o1 o2 o4',
    ],
    ['and over kinds', and(coded('code', '8867-4'), on({ lowAtLeast: 11 * DAY })), 'o2'],
    [
      'and within or within and',
      and(or(coded('code', '8867-4'), coded('identifier', '42')), { kind: 'not', of: coded('status', 'final') }),
      'o2 o4',
    ],
    ['SQL in a value is a value', coded('code', `' OR 1=1 --`), ''],
  ];
  test.each(table)('%s', async (_, where, expected) => {
    expect(await found(where)).toBe(expected);
    expect(await place.store.count(['Observation'], where)).toBe(expected === '' ? 0 : expected.split(' ').length);
  });

  describe('of several types and many values', () => {
    test('a system-level search covers the types it names', async () => {
      const { store } = place;
      const asked = { ...query('Observation', coded('identifier', '42')), types: ['Observation', 'Patient'] };
      expect((await ids(store, asked)).sort()).toEqual(['o4', 'x']);
      expect(await store.count(['Observation', 'Patient'], { kind: 'all' })).toBe(6);
    });

    test('ten thousand ids and ten thousand alternatives are answered', async () => {
      const { store } = place;
      const many = Array.from({ length: 10_000 }, (_, n) => `n${n}`);
      expect(await matching(store, 'Observation', { kind: 'id', ids: [...many, 'o3'] })).toEqual(['o3']);
      expect(
        await matching(store, 'Observation', or(...many.map((n) => coded('code', n)), coded('code', 'local'))),
      ).toEqual(['o2']);
    });

    test('a resource with a value twice is one match', async () => {
      const { store } = place;
      await committed(store, [
        put(draft('Observation', 'o6', { values: [token('code', 'a', 'twice'), token('code', 'b', 'twice')] })),
      ]);
      expect(await ids(store, query('Observation', coded('code', 'twice')))).toEqual(['o6']);
      expect(await store.count(['Observation'], coded('code', 'twice'))).toBe(1);
    });

    test('counts of a whole type follow creations, updates, deletions and returns', async () => {
      const { store } = place;
      const count = () => store.count(['Observation'], { kind: 'all' });
      await committed(store, [put(draft('Observation', 'o6')), put(draft('Observation', 'o1', { text: 'new' }))]);
      expect(await count()).toBe(6);
      await committed(store, [remove('Observation', 'o6'), remove('Observation', 'o2')]);
      expect(await count()).toBe(4);
      await committed(store, [put(draft('Observation', 'o2'))]);
      expect(await count()).toBe(5);
    });
  });
}
