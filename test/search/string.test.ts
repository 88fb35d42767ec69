import { describe, expect, test } from '@jest/globals';
import { fold } from '../../src/search/fold.ts';
import { finds } from './matching.ts';

describe('folding', () => {
  test.each([
    ['Peter', 'peter'],
    ['  Peter \t van  Damme ', 'peter van damme'],
    ['Éléonore', 'eleonore'],
    ['E\u0301le\u0301onore', 'eleonore'],
    ["O'Brien", 'obrien'],
    ['Smith-Jones', 'smithjones'],
    ['STRAẞE', 'strasse'],
    ['ﬁne', 'fine'],
    ['Ｗｉｄｅ', 'wide'],
    ['---', '---'],
    ['山田', '山田'],
  ])("'%s' is '%s'", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

const patient = {
  resourceType: 'Patient',
  name: [{ family: 'Núñez', given: ['María', 'del Carmen'], prefix: ['Dr.'] }, { text: 'Mia N.' }],
  address: [{ line: ['12 Main St.', 'Flat 3'], city: 'Zürich', postalCode: '8001', country: 'CH' }],
};

describe('string', () => {
  test.each([
    ['name=nun', true],
    ['name=NUÑEZ', true],
    ['name=nuñez', true],
    ['name=unez', false],
    ['name:contains=unez', true],
    ['name=carmen', false],
    ['name:contains=CARMEN', true],
    ['name:exact=Núñez', true],
    ['name:exact=Nunez', false],
    ['name:exact=Núñ', false],
    ['name=dr', true],
    ['name=mia n', true],
    ['family=maria', false],
    ['given=maria', true],
    ['name=x,nun', true],
    ['name=nun&name=maria', true],
    ['name=nun&name=pedro', false],
    ['address=zurich', true],
    ['address=12 main st', true],
    ['address-city=Z%C3%BCr', true],
    ['address-postalcode=8001', true],
    ['address=flat', true],
    ['name:missing=false', true],
  ])('Patient?%s: %s', (query, found) => {
    expect(finds(patient, query)).toBe(found);
  });

  test('an escaped comma is part of the value', () => {
    const organization = { resourceType: 'Organization', name: 'Health, Level 7' };
    expect(finds(organization, 'name:exact=Health\\, Level 7')).toBe(true);
    expect(finds(organization, 'name:exact=Health, Level 7')).toBe(false);
    expect(finds({ ...organization, name: 'a\\b$c|d' }, 'name:exact=a\\\\b\\$c\\|d')).toBe(true);
  });
});
