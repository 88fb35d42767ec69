import { beforeEach, expect, test } from '@jest/globals';
import { and, type Predicate } from '../../../src/search/query.ts';
import { coded, committed, draft, key, matching, put, reference, refersTo, remove, text, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

/** References, chained parameters, `_has`, and include targets. */
export function referencePredicateContract(open: Open): void {
  const place = fresh(open);
  beforeEach(async () => {
    const url = { type: null, id: null, url: 'http://elsewhere.org/fhir/Patient/9' };
    await committed(place.store, [
      put(draft('Organization', 'h', { values: [text('name', 'Charité')] })),
      put(draft('Patient', 'a', { values: [text('name', 'Anna'), reference('organization', 'Organization', 'h')] })),
      put(draft('Patient', 'b', { values: [text('name', 'Bert')] })),
      put(draft('Group', 'a', { values: [text('name', 'Anna')] })),
      put(
        draft('Observation', 'o1', {
          values: [
            reference('subject', 'Patient', 'a'),
            reference('patient', 'Patient', 'a'),
            token('code', null, 'hr'),
          ],
        }),
      ),
      put(
        draft('Observation', 'o2', {
          values: [
            reference('subject', 'Patient', 'b', { version: '3' }),
            reference('patient', 'Patient', 'b'),
            token('code', null, 'bp'),
          ],
        }),
      ),
      put(draft('Observation', 'o3', { values: [reference('subject', 'Group', 'a')] })),
      put(draft('Observation', 'o4', { values: [reference('subject', '', '', url)] })),
      put(
        draft('Observation', 'o5', {
          values: [
            reference('subject', '', '', { type: null, id: null, identifier: { system: 'urn:mrn', value: '7' } }),
          ],
        }),
      ),
      put(
        draft('Observation', 'o6', {
          values: [
            reference('subject', 'Patient', 'unknown'),
            reference('performer', 'Patient', 'a'),
            reference('performer', 'Patient', 'b'),
            reference('device', 'DeviceMetric', 'never-stored'),
          ],
        }),
      ),
    ]);
  });

  const subject = (target: Extract<Predicate, { kind: 'reference' }>['target']): Predicate => ({
    kind: 'reference',
    param: 'subject',
    target,
  });
  const chain = (param: string, type: string, where: Predicate): Predicate => ({ kind: 'chain', param, type, where });
  const has = (source: string, param: string, where: Predicate): Predicate => ({ kind: 'has', source, param, where });
  const named = (value: string): Predicate => ({ kind: 'string', param: 'name', match: 'starts', value });

  const observations: readonly (readonly [string, Predicate, string])[] = [
    ['local by type and id', refersTo('subject', 'Patient', 'a'), 'o1'],
    ['local by id of any type', subject({ by: 'local', id: 'a' }), 'o1 o3'],
    [
      'local by id of types never stored',
      {
        kind: 'reference',
        param: 'device',
        target: { by: 'local', types: ['Device', 'DeviceMetric'], id: 'never-stored' },
      },
      'o6',
    ],
    ['local with version', subject({ by: 'local', type: 'Patient', id: 'b', version: '3' }), 'o2'],
    ['local with another version', subject({ by: 'local', type: 'Patient', id: 'b', version: '4' }), ''],
    ['local without version finds versioned ones', refersTo('subject', 'Patient', 'b'), 'o2'],
    ['by type', subject({ by: 'type', type: 'Patient' }), 'o1 o2 o6'],
    ['by url', subject({ by: 'url', url: 'http://elsewhere.org/fhir/Patient/9' }), 'o4'],
    ['by identifier', subject({ by: 'identifier', system: 'urn:mrn', value: '7' }), 'o5'],
    ['by identifier of any system', subject({ by: 'identifier', value: '7' }), 'o5'],
    ['by identifier without system', subject({ by: 'identifier', system: null, value: '7' }), ''],
    ['by identifier system alone', subject({ by: 'identifier', system: 'urn:mrn' }), 'o5'],
    ['missing', { kind: 'missing', param: 'performer', of: 'reference', missing: false }, 'o6'],
    ['chain', chain('subject', 'Patient', named('anna')), 'o1'],
    ['chain to another type', chain('subject', 'Group', named('anna')), 'o3'],
    ['chain to anything stored', chain('subject', 'Patient', { kind: 'all' }), 'o1 o2'],
    ['chain of chains', chain('subject', 'Patient', chain('organization', 'Organization', named('char'))), 'o1'],
    ['chain and code', and(chain('patient', 'Patient', named('b')), coded('code', 'bp')), 'o2'],
    ['chain and another code', and(chain('patient', 'Patient', named('b')), coded('code', 'hr')), ''],
    ['not chain', { kind: 'not', of: chain('subject', 'Patient', { kind: 'all' }) }, 'o3 o4 o5 o6'],
    ['chain with has', chain('subject', 'Patient', has('Observation', 'performer', { kind: 'all' })), 'o1 o2'],
  ];
  test.each(observations)('%s', async (_, where, expected) => {
    expect((await matching(place.store, 'Observation', where)).join(' ')).toBe(expected);
    expect(await place.store.count(['Observation'], where)).toBe(expected === '' ? 0 : expected.split(' ').length);
  });

  const patients: readonly (readonly [string, Predicate, string])[] = [
    ['has', has('Observation', 'subject', coded('code', 'hr')), 'a'],
    ['has anything', has('Observation', 'subject', { kind: 'all' }), 'a b'],
    ['has through another parameter', has('Observation', 'performer', { kind: 'all' }), 'a b'],
    ['has nothing', has('Encounter', 'subject', { kind: 'all' }), ''],
    ['not has', { kind: 'not', of: has('Observation', 'subject', coded('code', 'hr')) }, 'b'],
    ['has and own value', and(has('Observation', 'subject', { kind: 'all' }), named('bert')), 'b'],
  ];
  test.each(patients)('%s', async (_, where, expected) => {
    expect((await matching(place.store, 'Patient', where)).join(' ')).toBe(expected);
  });

  test('has of has', async () => {
    const where = has('Patient', 'organization', has('Observation', 'subject', coded('code', 'hr')));
    expect(await matching(place.store, 'Organization', where)).toEqual(['h']);
  });

  test('chains and has do not see deleted resources', async () => {
    const { store } = place;
    await committed(store, [remove('Patient', 'a'), remove('Observation', 'o2')]);
    expect(await matching(store, 'Observation', chain('subject', 'Patient', { kind: 'all' }))).toEqual([]);
    expect(await matching(store, 'Patient', has('Observation', 'subject', { kind: 'all' }))).toEqual([]);
  });

  test('targets are the local ones of the parameter, each once', async () => {
    const { store } = place;
    const sources = ['o1', 'o2', 'o3', 'o4', 'o5'].map((id) => key('Observation', id));
    const targets = await store.targets([...sources, key('Observation', 'o1'), key('Observation', 'none')], 'subject');
    expect(targets.map((t) => `${t.type}/${t.id}`).sort()).toEqual(['Group/a', 'Patient/a', 'Patient/b']);
    expect((await store.targets([key('Observation', 'o6')], 'performer')).map((t) => t.id).sort()).toEqual(['a', 'b']);
    expect(await store.targets([key('Observation', 'o1')], 'performer')).toEqual([]);
    expect(await store.targets([], 'subject')).toEqual([]);
  });
}
