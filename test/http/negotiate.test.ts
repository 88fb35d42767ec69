import { describe, expect, test } from '@jest/globals';
import { negotiate } from '../../src/http/negotiate.ts';

const CHROME = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('content negotiation', () => {
  test.each([
    [undefined, 'fhir+json'],
    ['*/*', 'fhir+json'],
    ['application/fhir+json', 'fhir+json'],
    ['application/fhir+json; fhirVersion=4.0', 'fhir+json'],
    ['application/json', 'json'],
    ['application/xml, application/fhir+json;q=0.5', 'xml'],
    ['application/xml;q=0.5, application/fhir+json', 'fhir+json'],
    ['text/xml', 'xml'],
    ['application/fhir+xml; fhirVersion=4.0', 'fhir+xml'],
    ['application/fhir+turtle, application/fhir+json;q=0.5', 'fhir+json'],
    ['text/html;q=0.1, application/json', 'json'],
    [CHROME, 'html'],
    ['', 'fhir+json'],
    ['application/fhir+json;q=0, */*', 'fhir+xml'],
    ['*/*, application/fhir+json;q=0, application/fhir+xml;q=0', 'html'],
    ['text/html;q=0, text/*;q=0.5, application/xml;q=0.1', 'xml'],
  ])('Accept %s is answered as %s', (accept, format) => {
    expect(negotiate(accept, []).format).toBe(format);
  });

  test.each([
    'application/fhir+turtle',
    'text/turtle',
    'application/fhir+json;q=0',
    'application/fhir+json; fhirVersion=3.0',
    'image/png',
  ])('Accept %s is refused, not answered in something else', (accept) => {
    expect(() => negotiate(accept, [])).toThrow(expect.objectContaining({ kind: 'not-acceptable' }));
    // The second time from what is remembered.
    expect(() => negotiate(accept, [])).toThrow(expect.objectContaining({ kind: 'not-acceptable' }));
  });

  test('a Binary is given whatever is accepted', () => {
    expect(negotiate('image/png', [], true).format).toBe('fhir+json');
  });

  test('_format wins over Accept, and a + written as such is understood', () => {
    expect(negotiate(CHROME, [['_format', 'json']]).format).toBe('fhir+json');
    expect(negotiate('application/fhir+xml', [['_format', 'application/fhir json']]).format).toBe('fhir+json');
    expect(negotiate(undefined, [['_format', 'html']]).format).toBe('html');
    expect(negotiate(undefined, [['_format', 'xml']]).format).toBe('fhir+xml');
    expect(negotiate(undefined, [['_format', 'application/fhir xml']]).format).toBe('fhir+xml');
  });

  test('an unknown _format is refused by name', () => {
    expect(() => negotiate('application/json', [['_format', 'ttl']])).toThrow(/_format=ttl/);
  });

  test('_pretty=true asks for indented JSON', () => {
    expect(negotiate(undefined, [['_pretty', 'true']])).toEqual({ format: 'fhir+json', pretty: true });
    expect(negotiate(undefined, [['_pretty', 'false']]).pretty).toBe(false);
  });
});
