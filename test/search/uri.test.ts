import { describe, expect, test } from '@jest/globals';
import { finds, refusal } from './matching.ts';

const valueSet = { resourceType: 'ValueSet', url: 'http://acme.org/fhir/ValueSet/123' };

describe('uri', () => {
  test.each([
    ['url=http://acme.org/fhir/ValueSet/123', true],
    ['url=http://acme.org/fhir/ValueSet/12', false],
    ['url=HTTP://acme.org/fhir/ValueSet/123', false],
    ['url:below=http://acme.org/fhir/', true],
    ['url:below=http://acme.org/fhir/ValueSet/1234', false],
    ['url:above=http://acme.org/fhir/ValueSet/123/_history/5', true],
    ['url:above=http://acme.org/fhir/ValueSet', false],
    ['url=a,http://acme.org/fhir/ValueSet/123', true],
  ])('ValueSet?%s: %s', (query, found) => {
    expect(finds(valueSet, query)).toBe(found);
  });

  test.each([
    ['url=http://acme.org/fhir/ValueSet/123|2-Beta', true],
    ['url=http://acme.org/fhir/ValueSet/123|2-beta', true],
    ['url=http://acme.org/fhir/ValueSet/123|1', false],
    ['url=http://acme.org/fhir/ValueSet/12|2-Beta', false],
  ])('the url of a versioned definition may state the version: ValueSet?%s: %s', (query, found) => {
    expect(finds({ ...valueSet, version: '2-Beta' }, query)).toBe(found);
  });

  test('a URN has nothing above or below it', () => {
    expect(refusal('ValueSet', 'url:below=urn:oid:1.2.3').message).toContain('URN');
  });
});
