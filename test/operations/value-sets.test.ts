import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

const SYSTEM = 'http://example.org/moods';
let it: Living;
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
  await it.ask('PUT', 'CodeSystem/moods', {
    resourceType: 'CodeSystem',
    id: 'moods',
    url: SYSTEM,
    version: '2',
    status: 'active',
    content: 'complete',
    valueSet: 'http://example.org/all-moods',
    property: [{ code: 'level', type: 'integer' }],
    concept: [
      { code: 'low', display: 'Low', designation: [{ language: 'de', value: 'Gedrückt' }] },
      { code: 'high', display: 'High', property: [{ code: 'level', valueInteger: 3 }] },
    ],
  });
});
afterAll(() => it.stop());

const expand = async (include: object, query = '') => {
  const valueSet = { resourceType: 'ValueSet', status: 'active', compose: { include: [include] } };
  return it.ask('POST', `ValueSet/$expand?${query}`, valueSet);
};
const codes = (body: { expansion: { contains?: { code: string; display?: string }[] } }) =>
  body.expansion.contains?.map(({ code, display }) => [code, display]) ?? [];

describe('a stored code system', () => {
  test('gives codes that are named one by one their displays, and drops those that it has not', async () => {
    const { body } = await expand({ system: SYSTEM, concept: [{ code: 'low' }, { code: 'glad' }] });
    expect(codes(body)).toEqual([['low', 'Low']]);
    expect(body.expansion.parameter).toEqual([{ name: 'version', valueUri: `${SYSTEM}|2` }]);
  });

  test('that nobody has leaves them as they are named', async () => {
    const { body } = await expand({ system: 'http://example.org/elsewhere', concept: [{ code: 'x', display: 'X' }] });
    expect(codes(body)).toEqual([['x', 'X']]);
  });
});

describe('$expand', () => {
  test('refuses a filter by a property that the code system does not have', async () => {
    expect(
      codes((await expand({ system: SYSTEM, filter: [{ property: 'level', op: '=', value: '3' }] })).body),
    ).toEqual([['high', 'High']]);
    const { status, body } = await expand({ system: SYSTEM, filter: [{ property: 'levle', op: '=', value: '3' }] });
    expect([status, body.issue[0].expression]).toEqual([400, ['ValueSet.compose.include[0].filter[0].property']]);
  });

  test('finds by text what is shown, in the language that is asked for', async () => {
    const { body } = await expand({ system: SYSTEM }, 'displayLanguage=de&filter=gedr');
    expect(codes(body)).toEqual([['low', 'Gedrückt']]);
  });

  test('does not take one version of a value set for another', async () => {
    const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    expect((await it.ask('GET', `ValueSet/$expand?url=${encodeURIComponent(`${url}|4.0.1`)}`)).status).toBe(200);
    const other = await it.ask('GET', `ValueSet/$expand?url=${encodeURIComponent(`${url}|5.0.0`)}`);
    expect([other.status, other.body.issue[0].expression]).toEqual([404, ['url']]);
  });
});
