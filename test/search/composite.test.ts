import { describe, expect, test } from '@jest/globals';
import { finds } from './matching.ts';

const mmHg = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const pressure = {
  resourceType: 'Observation',
  code: coded('85354-9'),
  component: [
    { code: coded('8480-6'), valueQuantity: mmHg(107) },
    { code: coded('8462-4'), valueQuantity: mmHg(60) },
  ],
};

describe('composite', () => {
  test.each([
    ['component-code-value-quantity=http://loinc.org|8480-6$107', true],
    ['component-code-value-quantity=8480-6$gt100|http://unitsofmeasure.org|mm[Hg]', true],
    ['component-code-value-quantity=8480-6$60', false],
    ['component-code-value-quantity=8462-4$lt90', true],
    ['component-code-value-quantity=8462-4$ne60', false],
    ['component-code-value-quantity=8480-6$60,8462-4$60', true],
    ['combo-code-value-quantity=8462-4$60', true],
    ['code-value-quantity=8480-6$107', false],
    ['code-value-quantity:missing=true', true],
    ['component-code-value-quantity:missing=false', true],
  ])('Observation?%s: %s', (query, found) => {
    expect(finds(pressure, encodeURI(query))).toBe(found);
  });

  test('a date component keeps the rules of dates', () => {
    const dated = { resourceType: 'Observation', code: coded('x'), valueDateTime: '2020-05-05' };
    expect(finds(dated, 'code-value-date=x$ge2020-05')).toBe(true);
    expect(finds(dated, 'code-value-date=x$ge2020-06')).toBe(false);
    expect(finds(dated, 'code-value-date=x$2020')).toBe(true);
  });

  test('references to both ends of a relation must be of one relation', () => {
    const relatesTo = [
      { code: 'replaces', target: { reference: 'DocumentReference/a' } },
      { code: 'signs', target: { reference: 'DocumentReference/b' } },
    ];
    const document = { resourceType: 'DocumentReference', relatesTo };
    expect(finds(document, 'relationship=DocumentReference/a$replaces')).toBe(true);
    expect(finds(document, 'relationship=DocumentReference/b$replaces')).toBe(false);
  });

  test('a component that the resource states once goes with each element', () => {
    const referenceSeq = { chromosome: { coding: [{ code: '1' }] } };
    const sequence = { resourceType: 'MolecularSequence', referenceSeq, variant: [{ start: 10, end: 20 }] };
    expect(finds(sequence, 'chromosome-variant-coordinate=1$lt15$gt15')).toBe(true);
    expect(finds(sequence, 'chromosome-variant-coordinate=2$lt15$gt15')).toBe(false);
  });
});
