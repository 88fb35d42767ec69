import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lastn } from '../../operations/lastn/lastn.ts';
import { stats } from '../../operations/stats/stats.ts';
import { served } from '../../src/operation/served.ts';
import { BASE, type Living, living, observation } from '../interactions/living.ts';

const LOINC = 'http://loinc.org';
const concept = (...codes: string[]) => ({ coding: codes.map((code) => ({ system: LOINC, code })) });
const quantity = (value: number, code: string) => ({ value, unit: code, system: 'http://unitsofmeasure.org', code });
const vital = [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
];

const IS_A_ANY = { property: 'concept', op: 'is-a', value: 'any' };

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [lastn, stats].map(served) });
  for (const id of ['p', 'q']) await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
  const put = async (id: string, day: number, more: object, patient = 'p') => {
    const effectiveDateTime = `2026-01-${String(day).padStart(2, '0')}T12:00:00Z`;
    const { status, body } = await it.ask('PUT', `Observation/${id}`, {
      ...observation(patient, { effectiveDateTime, category: vital, ...more }),
      id,
    });
    expect([status, body?.issue]).toEqual([201, undefined]);
  };
  for (let day = 1; day <= 5; day++) await put(`heart-${day}`, day, { valueQuantity: quantity(60 + day, '/min') });
  await put('heart-tie', 5, { valueQuantity: quantity(80, '/min') });
  await put('weight-kg', 2, { code: concept('29463-7'), valueQuantity: quantity(70, 'kg') });
  await put('weight-g', 1, { code: concept('29463-7', '3141-9'), valueQuantity: quantity(72_000, 'g') });
  await put('weight-old', 1, { code: concept('3141-9'), valueQuantity: quantity(71, 'kg') });
  await put('wrong', 6, { status: 'entered-in-error', code: concept('29463-7'), valueQuantity: quantity(7, 'kg') });
  await put('other', 9, {}, 'q');
  const pressure = (systolic: number) => ({
    code: concept('85354-9'),
    valueQuantity: undefined,
    component: [
      { code: concept('8480-6'), valueQuantity: quantity(systolic, 'mm[Hg]') },
      { code: concept('8462-4'), valueQuantity: quantity(80, 'mm[Hg]') },
    ],
  });
  const sugar = { category: undefined, code: concept('2339-0') };
  const without = { valueQuantity: undefined, dataAbsentReason: { text: 'not worn' } };
  for (const [day, value] of [2, 4, 4, 4, 5, 5, 7, 9].entries())
    await put(`sugar-${day}`, day + 1, { ...sugar, valueQuantity: quantity(value, 'mmol/L') });
  await put('sugar-none', 20, { ...sugar, ...without });
  const below = { ...quantity(1, 'mmol/L'), comparator: '<' };
  await put('sugar-below', 21, { ...sugar, valueQuantity: below });
  await put('bp-1', 1, pressure(120));
  await put('bp-2', 2, pressure(130));
});
afterAll(() => it.stop());

describe('$lastn', () => {
  test('goes by stored value sets and the hierarchy of stored code systems', async () => {
    const stored = [
      {
        resourceType: 'CodeSystem',
        id: 'vitals',
        url: 'http://example.org/vitals',
        status: 'active',
        content: 'complete',
        concept: [{ code: 'any', concept: [{ code: 'pulse' }] }],
      },
      {
        resourceType: 'ValueSet',
        id: 'pulses',
        url: 'http://example.org/pulses',
        status: 'active',
        compose: { include: [{ system: 'http://example.org/vitals', filter: [IS_A_ANY] }] },
      },
    ];
    for (const one of stored) expect((await it.ask('PUT', `${one.resourceType}/${one.id}`, one)).status).toBe(201);
    const code = { coding: [{ system: 'http://example.org/vitals', code: 'pulse' }] };
    await it.ask('PUT', 'Observation/pulse', { ...observation('q', { code }), id: 'pulse' });
    expect(await ids('patient=q&code:in=http://example.org/pulses')).toEqual(['pulse']);
    expect(await ids('patient=q&code:in=ValueSet/pulses')).toEqual(['pulse']);
    expect(await ids('patient=q&code:below=http://example.org/vitals|any')).toEqual(['pulse']);
    const unseen = { scope: 'system/Observation.rs' };
    const refused = await it.ask('GET', 'Observation/$lastn?patient=q&code:in=ValueSet/pulses', undefined, unseen);
    expect([refused.status, refused.body.issue[0].expression]).toEqual([400, ['code:in']]);
  });

  const ids = async (query: string, asking = {}) =>
    (await it.ask('GET', `Observation/$lastn?${query}`, undefined, asking)).body.entry?.map(
      ({ resource }: { resource: { id: string } }) => resource.id,
    );
  test('gives the newest of each code, ties included, newest code first', async () => {
    expect(await ids('patient=p&category=vital-signs')).toEqual(['wrong', 'heart-tie', 'heart-5', 'bp-2']);
    expect(await ids('patient=Patient/p&code=http://loinc.org|8867-4&max=3')).toHaveLength(3);
  });
  test('codes that are stated together are one', async () => {
    expect(await ids('subject=Patient/p&code=29463-7,3141-9&status=final')).toEqual(['weight-kg']);
    expect((await ids('subject=Patient/p&code=29463-7,3141-9&status=final&max=5'))?.sort()).toEqual([
      'weight-g',
      'weight-kg',
      'weight-old',
    ]);
  });
  test('of several subjects gives the newest of each', async () => {
    expect(await ids('patient=p,q&code=http://loinc.org|8867-4')).toEqual(['other', 'heart-tie', 'heart-5']);
    const absolute = { subject: { reference: `${BASE}/Patient/p` }, effectiveDateTime: '2026-01-04T12:00:00Z' };
    await it.ask('PUT', 'Observation/absolute', { ...observation('p', absolute), id: 'absolute' });
    const found = await ids('patient=p&code=http://loinc.org|8867-4');
    await it.ask('DELETE', 'Observation/absolute');
    expect(found).toEqual(['heart-tie', 'heart-5']);
  });
  test('asks for a subject and for a code or category', async () => {
    expect((await it.ask('GET', 'Observation/$lastn?code=8867-4')).status).toBe(400);
    expect((await it.ask('GET', 'Observation/$lastn?patient=p')).body.issue[0].expression).toEqual(['code']);
    expect((await it.ask('GET', 'Observation/$lastn?patient=p&code=8867-4&max=0')).status).toBe(400);
  });
  test('takes the search parameters of Observation with their modifiers, and says what it does not take', async () => {
    expect((await ids('patient=p&category=vital-signs&code:not=8867-4&status:not=entered-in-error'))?.sort()).toEqual([
      'bp-2',
      'weight-kg',
    ]);
    const parameter = [
      { name: 'patient', valueString: 'p' },
      { name: 'code', valueString: '8867-4' },
      { name: 'max', valuePositiveInt: 1 },
    ];
    const posted = await it.ask('POST', 'Observation/$lastn', { resourceType: 'Parameters', parameter });
    expect(posted.body.entry).toHaveLength(2);
    expect((await it.ask('GET', 'Observation/$lastn?patient=p&code=1&_count=3')).body.issue[0].expression).toEqual([
      '_count',
    ]);
    expect((await it.ask('GET', 'Observation/$lastn?patient=p&code=1&colour=3')).body.issue[0].expression).toEqual([
      'colour',
    ]);
  });
  test('stays within the permit', async () => {
    expect(await ids('patient=p&category=vital-signs', { scope: 'patient/*.rs', patient: 'q' })).toBeUndefined();
    expect(
      (await it.ask('GET', 'Observation/$lastn?patient=p&code=8867-4', undefined, { scope: 'system/Patient.rs' }))
        .status,
    ).toBe(403);
  });
});

describe('$stats', () => {
  type Component = { code: { coding: { code: string }[] }; valueQuantity?: { value: number; code?: string } };
  const asked = async (query: string, asking = {}) => {
    const { body } = await it.ask('GET', `Observation/$stats?subject=Patient/p&${query}`, undefined, asking);
    const parameter: {
      name: string;
      resource: { id?: string; code: { coding: { code: string }[] }; component: Component[] };
    }[] = body.parameter ?? [];
    return {
      body,
      statistics: parameter
        .filter(({ name }) => name === 'statistics')
        .map(({ resource }) =>
          Object.fromEntries(resource.component.map((part) => [part.code.coding[0]?.code, part.valueQuantity?.value])),
        ),
      sources: parameter.filter(({ name }) => name === 'source').map(({ resource }) => resource.id),
    };
  };
  test('computes what is asked for', async () => {
    const names = ['average', 'max', 'min', 'count', 'median', 'std-dev', 'sum', 'variance', '4-lower'];
    const { statistics, body } = await asked(
      `system=${LOINC}&code=8867-4&${names.map((name) => `statistic=${name}`).join('&')}`,
    );
    expect(statistics).toEqual([
      {
        average: 65.8333333333,
        maximum: 80,
        minimum: 61,
        count: 6,
        median: 63.5,
        'std-dev': 7.08284312029,
        sum: 395,
        variance: 50.1666666667,
        '4-lower': 62.25,
      },
    ]);
    const [{ resource }] = body.parameter;
    expect(resource).toMatchObject({
      status: 'final',
      subject: { reference: 'Patient/p' },
      effectivePeriod: { start: '2026-01-01T12:00:00.000Z' },
    });
    expect(it.world.validate(resource).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
  test('converts units and leaves out what was entered in error', async () => {
    const { statistics, sources } = await asked(
      `system=${LOINC}&code=29463-7&statistic=average&statistic=count&include=true`,
    );
    expect(statistics).toEqual([{ average: 71, count: 2 }]);
    expect(sources.sort()).toEqual(['weight-g', 'weight-kg']);
  });
  test('counts what has no value, or is only less than one, in the total alone, also where it is the newest', async () => {
    const names = ['count', 'total-count', 'average', 'std-dev', '20-percent', '80-percent', '5-2', 'skew', 'kurtosis'];
    const { statistics } = await asked(
      `system=${LOINC}&code=2339-0&${[...names, 'count'].map((name) => `statistic=${name}`).join('&')}`,
    );
    expect(statistics).toEqual([
      {
        count: 8,
        'total-count': 10,
        average: 5,
        'std-dev': 2.1380899353,
        '20-percent': 4,
        '80-percent': 6.2,
        '5-2': 4,
        skew: 0.65625,
        kurtosis: -0.21875,
      },
    ]);
  });
  test('of nothing is Parameters without any', async () => {
    expect((await asked(`system=${LOINC}&code=0-0&statistic=count`)).body).toEqual({ resourceType: 'Parameters' });
  });
  test('of a panel gives each of its measurements, and of a component that alone', async () => {
    expect((await asked(`system=${LOINC}&code=85354-9&statistic=average`)).statistics).toEqual([
      { average: 125 },
      { average: 80 },
    ]);
    expect((await asked(`system=${LOINC}&code=8480-6&statistic=maximum`)).statistics).toEqual([{ maximum: 130 }]);
  });
  test('keeps to the period', async () => {
    const { body } = await it.ask('POST', 'Observation/$stats', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'subject', valueUri: 'Patient/p' },
        { name: 'coding', valueCoding: { system: LOINC, code: '8867-4' } },
        { name: 'period', valuePeriod: { start: '2026-01-02', end: '2026-01-03' } },
        { name: 'statistic', valueCode: 'count' },
      ],
    });
    expect(body.parameter[0].resource.component[0].valueQuantity.value).toBe(2);
  });
  test('says what it does not understand', async () => {
    expect((await asked(`system=${LOINC}&code=8867-4&statistic=nonsense`)).body.issue[0].diagnostics).toContain(
      'total-count',
    );
    expect((await asked('code=8867-4&statistic=count')).body.issue[0].expression).toEqual(['system']);
    expect((await asked(`system=${LOINC}&code=8867-4`)).body.issue[0].diagnostics).toContain("'statistic'");
    expect(
      (await it.ask('GET', `Observation/$stats?subject=x&system=${LOINC}&code=1&statistic=count`)).body.issue[0]
        .expression,
    ).toEqual(['subject']);
  });
  test('stays within the permit', async () => {
    expect(
      (await asked(`system=${LOINC}&code=8867-4&statistic=count`, { scope: 'patient/*.rs', patient: 'q' })).statistics,
    ).toEqual([]);
  });
});
