import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { finds } from './matching.ts';

const UCUM = 'http://unitsofmeasure.org';
const observed = (valueQuantity: JsonObject) => ({ resourceType: 'Observation', valueQuantity });
const ucum = (value: number, code: string, unit = code) => observed({ value, unit, system: UCUM, code });

describe('quantity', () => {
  test.each([
    [ucum(5.4, 'mg'), '5.4|http://unitsofmeasure.org|mg', true],
    [ucum(0.0054, 'g'), '5.4|http://unitsofmeasure.org|mg', true],
    [ucum(5.4, 'mg'), '5.40e-3|http://unitsofmeasure.org|g', true],
    [ucum(5.41, 'mg'), '5.40e-3|http://unitsofmeasure.org|g', false],
    [ucum(5.4, 'mg'), '5.4|http://unitsofmeasure.org|', true],
    [ucum(5.5, 'mg'), '5.4|http://unitsofmeasure.org|', false],
    [ucum(5.4, 'mg'), '5.4|urn:iso:std:iso:4217|', false],
    [observed({ value: 5.4, unit: 'mg' }), '5.4|http://unitsofmeasure.org|', false],
    [ucum(5.4, 'mg'), '5.4||mg', true],
    [observed({ value: 5.4, unit: 'mg' }), '5.4||mg', true],
    [observed({ value: 5.4, unit: 'mg' }), '5.4|http://unitsofmeasure.org|mg', false],
    [ucum(5.4, 'g'), '5.4||mg', false],
    [ucum(5.4, 'mg'), '5.4', true],
    [ucum(5.4, 'mg'), 'le5.4|http://unitsofmeasure.org|mg', true],
    [ucum(0.0054, 'g'), 'gt5.4|http://unitsofmeasure.org|mg', false],
    [ucum(180, 'cm'), 'lt1.9|http://unitsofmeasure.org|m', true],
    [ucum(180, 'cm'), 'ge1.8|http://unitsofmeasure.org|m', true],
    [ucum(180, '[lb_av]'), 'gt80|http://unitsofmeasure.org|kg', true],
    [ucum(98.6, '[degF]'), '37.0|http://unitsofmeasure.org|Cel', true],
    [ucum(99.6, '[degF]'), '37.0|http://unitsofmeasure.org|Cel', false],
    [ucum(60, '{beats}/min'), '60|http://unitsofmeasure.org|/min', true],
    [ucum(60, '/min'), '1|http://unitsofmeasure.org|Hz', true],
    [ucum(5, 'mmol/L'), '5|http://unitsofmeasure.org|mol/m3', true],
    [ucum(5, 'mmol/L'), '5|http://unitsofmeasure.org|mg/L', false],
    [ucum(35, 'Cel'), 'ap37|http://unitsofmeasure.org|Cel', true],
    [ucum(30, 'Cel'), 'ap37|http://unitsofmeasure.org|Cel', false],
    [observed({ value: 3, system: 'http://mine', code: 'blips' }), '3|http://mine|blips', true],
    [observed({ value: 3, system: 'http://mine', code: 'blips' }), '3|http://yours|blips', false],
    [observed({ value: 5, comparator: '<', system: UCUM, code: 'mg' }), 'lt5|http://unitsofmeasure.org|mg', true],
    [observed({ value: 5, comparator: '<', system: UCUM, code: 'mg' }), 'ge5.1|http://unitsofmeasure.org|mg', false],
    [ucum(3, 'not-a-unit'), '3|http://unitsofmeasure.org|not-a-unit', true],
  ])('%j and value-quantity=%s: %s', (resource, query, found) => {
    expect(finds(resource, `value-quantity=${encodeURIComponent(query)}`)).toBe(found);
  });

  test('money is found by its currency', () => {
    const invoice = { resourceType: 'Invoice', totalGross: { value: 48, currency: 'EUR' } };
    expect(finds(invoice, 'totalgross=48||EUR')).toBe(true);
    expect(finds(invoice, 'totalgross=48|urn:iso:std:iso:4217|EUR')).toBe(true);
    expect(finds(invoice, 'totalgross=48||USD')).toBe(false);
  });

  test('sampled data is found by the bounds of its values', () => {
    const valueSampledData = {
      origin: { value: 0, unit: '/min', system: UCUM, code: '/min' },
      period: 60000,
      dimensions: 1,
      data: '61 E 118 72',
    };
    const sampled = { resourceType: 'Observation', valueSampledData };
    expect(finds(sampled, `value-quantity=gt100|${UCUM}|/min`)).toBe(true);
    expect(finds(sampled, `value-quantity=gt120|${UCUM}|/min`)).toBe(false);
    expect(finds(sampled, `value-quantity=sa60|${UCUM}|/min`)).toBe(true);
  });
});
