import { describe, expect, test } from '@jest/globals';
import { parseCanonical, parseReference, referencedType } from '../../src/fhir/reference.ts';

const base = 'http://localhost:3000/fhir';

describe('a reference tells what it points at', () => {
  test.each([
    ['Patient/1', { kind: 'local', type: 'Patient', id: '1', version: null }],
    ['Patient/1/_history/2', { kind: 'local', type: 'Patient', id: '1', version: '2' }],
    [`${base}/Patient/1`, { kind: 'local', type: 'Patient', id: '1', version: null }],
    [
      'http://elsewhere/fhir/Patient/1',
      { kind: 'absolute', url: 'http://elsewhere/fhir/Patient/1', type: 'Patient', id: '1', version: null },
    ],
    [`${base}x/Patient/1`, { kind: 'absolute', url: `${base}x/Patient/1`, type: 'Patient', id: '1', version: null }],
    [
      'http://example.org/thing',
      { kind: 'absolute', url: 'http://example.org/thing', type: null, id: null, version: null },
    ],
    [
      'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
      { kind: 'urn', url: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
    ],
    ['urn:oid:1.2.3', { kind: 'urn', url: 'urn:oid:1.2.3' }],
    ['#p1', { kind: 'fragment', fragment: 'p1' }],
    ['#', { kind: 'fragment', fragment: '' }],
    ['Patient?identifier=a|b', { kind: 'conditional', type: 'Patient', query: 'identifier=a|b' }],
  ])('%s', (text, expected) => {
    expect(parseReference(text, base)).toEqual(expected);
    expect(parseReference(text, `${base}/`)).toEqual(expected);
  });

  test.each([
    '',
    'Patient',
    'Patient/',
    'patient/1',
    '/Patient/1',
    'Patient/1/2',
    `Patient/${'x'.repeat(65)}`,
    'Patient/a b',
  ])('%j is none', (text) => {
    expect(parseReference(text, base)).toBeUndefined();
  });

  test('the type is read off the text alone', () => {
    expect(referencedType('Group/7')).toBe('Group');
    expect(referencedType('http://elsewhere/fhir/Device/9/_history/1')).toBe('Device');
    expect(referencedType('urn:uuid:1')).toBeUndefined();
  });
});

test('a canonical has a url, a version and a fragment', () => {
  expect(parseCanonical('http://x/ValueSet/a|1.0#b')).toEqual({
    url: 'http://x/ValueSet/a',
    version: '1.0',
    fragment: 'b',
  });
  expect(parseCanonical('http://x/ValueSet/a')).toEqual({ url: 'http://x/ValueSet/a', version: null, fragment: null });
});
