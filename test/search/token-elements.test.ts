import { describe, expect, test } from '@jest/globals';
import { finds, refusal } from './matching.ts';

const attachment = (contentType: string) => ({
  resourceType: 'DocumentReference',
  content: [{ attachment: { contentType } }],
});
const xml = attachment('text/xml; charset=UTF-8');

describe('tokens that are no codes', () => {
  test.each([
    ['contenttype=text/xml', false],
    ['contenttype:below=text/xml', true],
    ['contenttype:below=TEXT/XML', true],
    ['contenttype:below=text/plain', false],
    ['contenttype:below=text/plain,text/xml', true],
  ])('a mime type has those with parameters below it: DocumentReference?%s: %s', (query, found) => {
    expect(finds(xml, query)).toBe(found);
  });

  test('what has no subtype is no mime type to look below', () => {
    expect(refusal('DocumentReference', 'contenttype:below=text').message).toContain('mime type');
  });

  test.each([
    ['Patient', 'email=anna@example.org', true],
    ['Patient', 'telecom=ANNA@EXAMPLE.ORG', true],
    ['Patient', 'email:not=anna@example.org', false],
    ['Patient', 'email=anna@example', false],
    ['ValueSet', 'version=1.0-beta', true],
    ['ValueSet', 'version=1.0-BETA', true],
    ['ValueSet', 'version=1.0', false],
  ])('strings are found in any case: %s?%s: %s', (resourceType, query, found) => {
    const telecom = [{ system: 'email', value: 'Anna@Example.org' }];
    const version = '1.0-Beta';
    expect(finds({ resourceType, ...(resourceType === 'Patient' ? { telecom } : { version }) }, query)).toBe(found);
  });
});
