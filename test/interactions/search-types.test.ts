import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking } from './asking.ts';
import { BASE, type Living, living, observation } from './living.ts';

const UCUM = 'http://unitsofmeasure.org';
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  await put({
    resourceType: 'Patient',
    id: 'p',
    active: true,
    name: [{ family: 'Van  Núñez', given: ['Ana', 'Eva'] }],
    birthDate: '1980-05-17',
    identifier: [{ system: 'urn:mrn', value: 'a,b$c|d' }, { value: 'bare' }],
  });
  await put({ resourceType: 'Patient', id: 'q', active: false, name: [{ family: 'Other' }] });
  const weight = (id: string, value: number, code: string, day: string) =>
    put({
      ...observation('p', { valueQuantity: { value, system: UCUM, code }, effectiveDateTime: day }),
      code: { coding: [{ system: 'http://loinc.org', code: id === 'height' ? '8302-2' : '29463-7' }] },
      id,
    });
  await weight('kilos', 72.5, 'kg', '2026-01-31T23:30:00-05:00');
  await weight('grams', 72500, 'g', '2026-02-01');
  await weight('height', 180, 'cm', '2026-02');
  await put({
    ...observation('p'),
    code: { text: 'pressure' },
    valueQuantity: undefined,
    id: 'pressure',
    component: [
      { code: { coding: [{ code: 'sys' }] }, valueQuantity: { value: 120, system: UCUM, code: 'mm[Hg]' } },
      { code: { coding: [{ code: 'dia' }] }, valueQuantity: { value: 80, system: UCUM, code: 'mm[Hg]' } },
    ],
  });
  const risk = { resourceType: 'RiskAssessment', status: 'final', subject: { reference: 'Patient/p' } };
  for (const [id, probabilityDecimal] of [
    ['tenth', 0.1],
    ['more', 0.149],
    ['half', 0.5],
  ])
    await put({ ...risk, id, prediction: [{ probabilityDecimal }] });
  await put({ resourceType: 'ValueSet', id: 'v', url: 'http://acme.test/V', status: 'draft' });
  for (const [id, latitude, longitude] of [
    ['west', -17, -179.99],
    ['east', -17, 179.99],
    ['far', 17, 0],
  ])
    await put({ resourceType: 'Location', id, position: { latitude, longitude } });
});
afterAll(() => it.stop());

describe('search parameter types', () => {
  test('number: a figure stands for all that rounds to it', async () => {
    expect(await found('RiskAssessment?probability=0.1')).toEqual(['more', 'tenth']);
    expect(await found('RiskAssessment?probability=0.10')).toEqual(['tenth']);
    expect(await found('RiskAssessment?probability=5e-1')).toEqual(['half']);
    expect(await found('RiskAssessment?probability=0.10,0.5')).toEqual(['half', 'tenth']);
    expect(await found('RiskAssessment?probability=high')).toBe(400);
  });

  test('date: a part of a date stands for all of it, and zones count', async () => {
    expect(await found('Observation?date=2026-02-01')).toEqual(['grams', 'kilos']);
    expect(await found('Observation?date=2026-02')).toEqual(['grams', 'height', 'kilos']);
    expect(await found('Observation?date=2026-01')).toEqual(['pressure']);
    expect(await found('Observation?date=2026-01-31T22:30:00-06:00')).toEqual(['kilos']);
    expect(await found('Patient?birthdate=1980')).toEqual(['p']);
    expect(await found('Patient?birthdate=1980-13')).toBe(400);
  });

  test('string: the beginning is enough, without case, accents and doubled spaces', async () => {
    expect(await found('Patient?family=van nune')).toEqual(['p']);
    expect(await found('Patient?family=nunez')).toEqual([]);
    expect(await found('Patient?given=EVA')).toEqual(['p']);
    expect(await found('Patient?name=other,ana')).toEqual(['p', 'q']);
    expect(await found('Patient?given=ana&given=eva')).toEqual(['p']);
    expect(await found('Patient?given=ana&given=uma')).toEqual([]);
  });

  test('token: a code alone, with its system, without one, or any code of a system', async () => {
    expect(await found('Observation?code=29463-7')).toEqual(['grams', 'kilos']);
    expect(await found('Observation?code=http://loinc.org|29463-7')).toEqual(['grams', 'kilos']);
    expect(await found('Observation?code=|29463-7')).toEqual([]);
    expect(await found('Observation?code=http://loinc.org|')).toEqual(['grams', 'height', 'kilos']);
    expect(await found('Patient?identifier=|bare')).toEqual(['p']);
    expect(await found('Patient?active=false')).toEqual(['q']);
  });

  test('reference: by id, type and id, or absolute url', async () => {
    const all = ['grams', 'height', 'kilos', 'pressure'];
    for (const value of ['p', 'Patient/p', `${BASE}/Patient/p`])
      expect([value, await found(`Observation?subject=${value}`)]).toEqual([value, all]);
    expect(await found('Observation?subject=Group/p')).toEqual([]);
    expect(await found('Observation?subject=http://elsewhere.test/Patient/p')).toEqual([]);
  });

  test('composite: both values must be of the same element', async () => {
    expect(await found('Observation?component-code-value-quantity=sys$120')).toEqual(['pressure']);
    expect(await found('Observation?component-code-value-quantity=sys$80')).toEqual([]);
    expect(await found('Observation?component-code-value-quantity=dia$lt100')).toEqual(['pressure']);
    expect(await found('Observation?code-value-quantity=8302-2$gt100')).toEqual(['height']);
  });

  test('quantity: UCUM units are converted, other units compared as written', async () => {
    expect(await found(`Observation?value-quantity=72.5|${UCUM}|kg`)).toEqual(['grams', 'kilos']);
    expect(await found(`Observation?value-quantity=72500|${UCUM}|g`)).toEqual(['grams', 'kilos']);
    expect(await found('Observation?value-quantity=72.5||kg')).toEqual(['kilos']);
    expect(await found('Observation?value-quantity=180')).toEqual(['height']);
    expect(await found(`Observation?value-quantity=1.80|${UCUM}|m`)).toEqual(['height']);
  });

  test('uri: as written, whole and with its case', async () => {
    expect(await found('ValueSet?url=http://acme.test/V')).toEqual(['v']);
    expect(await found('ValueSet?url=http://acme.test/v')).toEqual([]);
    expect(await found('ValueSet?url=http://acme.test/')).toEqual([]);
  });

  test('special: near finds by distance, across the date line too', async () => {
    expect(await found('Location?near=-17|180|3|km')).toEqual(['east', 'west']);
    expect(await found('Location?near=-17|180|1000|m')).toEqual([]);
    expect(await found('Location?near=91|0')).toBe(400);
  });

  test('a comma, dollar or bar that is escaped is part of the value', async () => {
    expect(await found(String.raw`Patient?identifier=urn:mrn|a\,b\$c\|d`)).toEqual(['p']);
    expect(await found(String.raw`Patient?identifier=urn:mrn|a,b\$c\|d`)).toEqual([]);
  });
});
