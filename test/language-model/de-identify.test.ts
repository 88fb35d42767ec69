import { describe, expect, test } from '@jest/globals';
import { deIdentifier } from '../../src/language-model/de-identify.ts';

describe('what leaves the house names nobody', () => {
  const strip = deIdentifier({
    resourceType: 'Patient',
    id: 'b7f2',
    name: [{ family: 'Øverland', given: ['Ida', 'Marie'] }],
    telecom: [{ system: 'phone', value: '+47 912 34 567' }],
    birthDate: '1988-04-02',
    identifier: [{ system: 'urn:mrn', value: 'MRN-4711' }],
    address: [{ line: ['Storgata 5'], city: 'Bergen', postalCode: '5003' }],
    contact: [{ name: { text: 'Per Berg' } }],
  });
  test.each([
    ['Ida slept badly; Ms ØVERLAND called.', 'Ida|verland'],
    ['Born 1988-04-02, MRN-4711, Patient/b7f2', '1988|4711|b7f2'],
    ['Lives at Storgata 5, 5003 Bergen', 'Storgata|5003|Bergen'],
    ['Reach her at ida@example.org or +47 912 34 567', 'ida@|912'],
    ['Seen on 2026-03-01T08:30:00+01:00 and 2026-03-02', '2026|08:30'],
    ['Her sister Per Berg, https://example.org/ida?x=1, Practitioner/dr-7', 'Berg|example|dr-7'],
    ['Social security number 123-45-6789', '6789'],
  ])('%s', (text, forbidden) => expect(strip(text)).not.toMatch(new RegExp(forbidden, 'i')));

  test('clinical words and numbers stay', () => {
    const clinical = 'PHQ-9 total 15, sleep 401 ± 9.5 min, last 7 days -0.23 SD, heart rate 8867-4 (n = 28)';
    expect(strip(clinical)).toBe(clinical);
  });
  test('a patient of whom nothing is known masks nothing but what any text may hold', () => {
    expect(deIdentifier({ resourceType: 'Patient' })('Sleep 401 min of Patient/x')).toBe('Sleep 401 min of [person]');
  });
});
