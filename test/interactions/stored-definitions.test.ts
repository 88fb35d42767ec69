import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, idsOf } from './asking.ts';
import { BASE, type Living, living } from './living.ts';

const SYSTEM = 'http://clinic.test/conditions';
const SET = 'http://clinic.test/ValueSet/mood';
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'p' });
  for (const code of ['mood', 'low', 'lowest', 'other'])
    await put({
      resourceType: 'Condition',
      id: code,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: { coding: [{ system: SYSTEM, code }] },
      subject: { reference: 'Patient/p' },
    });
  await put({
    resourceType: 'CodeSystem',
    id: 'own',
    url: SYSTEM,
    status: 'active',
    content: 'complete',
    concept: [{ code: 'mood', concept: [{ code: 'low', concept: [{ code: 'lowest' }] }] }, { code: 'other' }],
  });
  const filter = [{ property: 'concept', op: 'is-a', value: 'low' }];
  await put({
    resourceType: 'ValueSet',
    id: 'own',
    url: SET,
    version: '3',
    status: 'active',
    compose: { include: [{ system: SYSTEM, filter }] },
  });
  const concept = [{ code: 'other' }];
  await put({
    resourceType: 'ValueSet',
    id: 'nameless',
    status: 'active',
    compose: { include: [{ system: SYSTEM, concept }] },
  });
});
afterAll(() => it.stop());

describe('definitions that are stored', () => {
  test.each([
    [`code:in=${SET}`, ['low', 'lowest']],
    [`code:in=${SET}|3`, ['low', 'lowest']],
    [`code:in=${SET}|4`, 400],
    ['code:in=ValueSet/own', ['low', 'lowest']],
    ['code:in=ValueSet/own|3', ['low', 'lowest']],
    ['code:in=ValueSet/own|4', 400],
    [`code:in=${BASE}/ValueSet/nameless`, ['other']],
    [`code:in=${SET},ValueSet/nameless`, ['low', 'lowest', 'other']],
    [`code:not-in=${SET}`, ['mood', 'other']],
    ['code:in=ValueSet/absent', 400],
    [`code:below=${SYSTEM}|low`, ['low', 'lowest']],
    [`code:above=${SYSTEM}|low`, ['low', 'mood']],
    [`code:below=${SYSTEM}|absent`, 400],
    [`_filter=code in ${SET}`, ['low', 'lowest']],
    [`_filter=code sb ${SYSTEM}|low`, ['low', 'lowest']],
  ])('are what Condition?%s goes by', async (query, ids) => {
    expect(await found(`Condition?${query}`)).toEqual(ids);
  });

  test('count at the end of chains, and in conditional interactions', async () => {
    expect(await found(`Patient?_has:Condition:subject:code:in=${SET}`)).toEqual(['p']);
    const deleted = await it.ask('DELETE', 'Condition?code:in=ValueSet/nameless');
    expect(deleted.status).toBe(204);
    expect(await found('Condition?code=other')).toEqual([]);
  });

  test('are not to be had by a search of one who may not search them', async () => {
    const seen = await it.ask('GET', `Condition?code:in=${SET}`, undefined, { scope: 'system/Condition.rs' });
    expect(seen.status).toBe(400);
  });

  test('are looked for before a lenient search leaves the parameter out', async () => {
    const lenient = { headers: { prefer: 'handling=lenient' } };
    const known = await it.ask('GET', `Condition?code:in=${SET}`, undefined, lenient);
    expect(idsOf(known)).toEqual(['lowest', 'low']);
    const unknown = await it.ask('GET', 'Condition?code:in=ValueSet/absent', undefined, lenient);
    expect(unknown.text).toContain("ignored: search parameter 'code:in'");
  });
});
