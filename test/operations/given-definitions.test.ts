import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

const BASE = 'http://example.org/given';
const system = {
  resourceType: 'CodeSystem',
  id: 's',
  url: `${BASE}/s`,
  status: 'active',
  content: 'complete',
  concept: [{ code: 'a' }],
};
const set = {
  resourceType: 'ValueSet',
  id: 'v',
  url: `${BASE}/v`,
  version: '1',
  status: 'active',
  compose: { include: [{ system: system.url }] },
};
const map = { resourceType: 'ConceptMap', id: 'm', url: `${BASE}/m`, status: 'active' };

let it: Living;
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
  for (const one of [system, set, map])
    expect((await it.ask('PUT', `${one.resourceType}/${one.id}`, one)).status).toBe(201);
});
afterAll(() => it.stop());

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

describe('of two definitions that contradict each other none is left out in silence', () => {
  test.each([
    [`ValueSet/v/$expand?url=${BASE}/other`, 'url'],
    [`ValueSet/v/$expand?url=${set.url}|2`, 'url'],
    [`ValueSet/v/$validate-code?url=${BASE}/other&system=${system.url}&code=a`, 'url'],
    [`CodeSystem/s/$validate-code?url=${BASE}/other&code=a`, 'url'],
    [`CodeSystem/s/$subsumes?system=${BASE}/other&codeA=a&codeB=a`, 'system'],
    [`ConceptMap/m/$translate?url=${BASE}/other&system=${system.url}&code=a`, 'url'],
  ])('%s', async (url, expression) => {
    const { status, body } = await it.ask('GET', url);
    expect([status, body.issue[0].expression]).toEqual([400, [expression]]);
    expect(body.issue[0].diagnostics).toContain('called on');
  });

  test('one that is sent to a stored one, or under another name', async () => {
    const sent = { ...set, id: undefined };
    const onOne = await it.ask('POST', 'ValueSet/v/$expand', parameters({ name: 'valueSet', resource: sent }));
    expect([onOne.status, onOne.body.issue[0].expression]).toEqual([400, ['valueSet']]);
    const named = parameters({ name: 'valueSet', resource: sent }, { name: 'url', valueUri: `${BASE}/other` });
    expect((await it.ask('POST', 'ValueSet/$expand', named)).body.issue[0].diagnostics).toContain('sent');
  });
});

test('its own name, with its version or without, does no harm', async () => {
  for (const url of [set.url, `${set.url}|1`])
    expect((await it.ask('GET', `ValueSet/v/$expand?url=${url}`)).body.expansion.total).toBe(1);
  const sent = parameters(
    { name: 'valueSet', resource: { ...set, id: undefined } },
    { name: 'url', valueUri: set.url },
  );
  expect((await it.ask('POST', 'ValueSet/$expand', sent)).body.expansion.total).toBe(1);
});

test('a code without a code system is told the parameter that names one', async () => {
  const { status, body } = await it.ask('GET', 'CodeSystem/$validate-code?code=a');
  expect([status, body.issue[0].expression]).toEqual([400, ['url']]);
});

test('_summary and _elements, which it would not heed, are refused by name', async () => {
  for (const query of ['_summary=true', '_elements=url']) {
    const { status, body } = await it.ask('GET', `ValueSet/v/$expand?${query}`);
    expect([status, body.issue[0].expression]).toEqual([400, [query.split('=')[0]]]);
  }
  expect((await it.ask('GET', 'ValueSet/v/$expand?_summary=false')).status).toBe(200);
});
