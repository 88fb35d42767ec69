import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, idsOf } from './asking.ts';
import { type Living, living, observation } from './living.ts';

const LOINC = 'http://loinc.org';
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const ROLE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  const patient = (id: string, more: object) => put({ resourceType: 'Patient', id, ...more });
  await put({ resourceType: 'Organization', id: 'whole', name: 'Clinic' });
  await put({
    resourceType: 'Organization',
    id: 'part',
    name: 'Ward',
    partOf: { reference: 'Organization/whole' },
  });
  await patient('full', {
    name: [{ family: 'Núñez' }],
    gender: 'female',
    birthDate: '1980-01-01',
    managingOrganization: { reference: 'Organization/part' },
    identifier: [{ system: 'urn:mrn', value: '7', type: { coding: [{ system: V2, code: 'MR' }] } }],
  });
  await patient('other', {
    name: [{ family: 'Nunez' }],
    gender: 'male',
    managingOrganization: { reference: 'Organization/whole' },
    identifier: [{ system: 'urn:mrn', value: '7', type: { coding: [{ system: V2, code: 'DL' }] } }],
  });
  await patient('bare', {});
  await put({
    ...observation('full', { code: { coding: [{ system: LOINC, code: '8867-4', display: 'Heart rate' }] } }),
    id: 'heart',
  });
  await put({
    ...observation('other', {
      code: { coding: [{ system: LOINC, code: '9279-1' }], text: 'Breaths' },
      subject: { reference: 'Patient/other', identifier: { system: 'urn:mrn', value: '7' } },
      effectiveDateTime: undefined,
      valueQuantity: undefined,
    }),
    id: 'breath',
  });
  const related = (id: string, code: string) =>
    put({
      resourceType: 'RelatedPerson',
      id,
      patient: { reference: 'Patient/full' },
      relationship: [{ coding: [{ system: ROLE, code }] }],
    });
  for (const [id, code] of Object.entries({ kin: 'FAMMEMB', parent: 'PRN', mother: 'MTH', friend: 'FRND' }))
    await related(id, code);
  const valueSet = (id: string, url: string) =>
    put({ resourceType: 'ValueSet', id, url, status: 'draft', compose: { include: [{ system: LOINC }] } });
  await valueSet('shelf', 'http://acme.test/fhir');
  await valueSet('book', 'http://acme.test/fhir/book');
  await put({ resourceType: 'Location', id: 'placed', position: { latitude: 1, longitude: 1 } });
  await put({ resourceType: 'Location', id: 'lost' });
  const risk = { resourceType: 'RiskAssessment', status: 'final', subject: { reference: 'Patient/full' } };
  await put({ ...risk, id: 'rated', prediction: [{ probabilityDecimal: 0.5 }] });
  await put({ ...risk, id: 'unrated' });
});
afterAll(() => it.stop());

describe('modifiers', () => {
  test(':missing tells what has a value from what has none, whatever the type of parameter', async () => {
    const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
      ['Patient', 'family', ['bare'], ['full', 'other']],
      ['Patient', 'gender', ['bare'], ['full', 'other']],
      ['Patient', 'birthdate', ['bare', 'other'], ['full']],
      ['Patient', 'organization', ['bare'], ['full', 'other']],
      ['Patient', '_profile', ['bare', 'full', 'other'], []],
      ['Observation', 'value-quantity', ['breath'], ['heart']],
      ['Observation', 'code-value-quantity', ['breath'], ['heart']],
      ['RiskAssessment', 'probability', ['unrated'], ['rated']],
      ['Location', 'near', ['lost'], ['placed']],
      ['Patient', '_id', [], ['bare', 'full', 'other']],
      ['Patient', '_lastUpdated', [], ['bare', 'full', 'other']],
    ];
    for (const [type, name, without, having] of cases) {
      expect([name, await found(`${type}?${name}:missing=true`)]).toEqual([name, without]);
      expect([name, await found(`${type}?${name}:missing=false`)]).toEqual([name, having]);
    }
    expect(await found('Patient?gender:missing=perhaps')).toBe(400);
  });

  test(':exact finds the string as written, accents and case', async () => {
    expect(await found('Patient?family=nunez')).toEqual(['full', 'other']);
    expect(await found('Patient?family:exact=Núñez')).toEqual(['full']);
    expect(await found('Patient?family:exact=nunez')).toEqual([]);
    expect(await found('Patient?family:exact=Nun')).toEqual([]);
  });

  test(':contains finds the string anywhere inside', async () => {
    expect(await found('Patient?family=une')).toEqual([]);
    expect(await found('Patient?family:contains=UNE')).toEqual(['full', 'other']);
    expect(await found('Patient?family:contains=unx')).toEqual([]);
  });

  test(':text finds what a code or concept is called', async () => {
    expect(await found('Observation?code:text=heart')).toEqual(['heart']);
    expect(await found('Observation?code:text=breaths')).toEqual(['breath']);
    expect(await found('Observation?code:text=8867-4')).toEqual([]);
  });

  test(':not finds what has none of the codes, also what has no code at all', async () => {
    expect(await found('Patient?gender:not=female')).toEqual(['bare', 'other']);
    expect(await found('Patient?gender:not=female,male')).toEqual(['bare']);
    expect(await found('Patient?_id:not=bare')).toEqual(['full', 'other']);
  });

  test(':in finds codes of a value set, and one that is not known is refused', async () => {
    const set = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    expect(await found(`Patient?gender:in=${set}`)).toEqual(['full', 'other']);
    expect(await found('Patient?gender:in=http://hl7.org/fhir/ValueSet/observation-status')).toEqual([]);
    expect(await found('Patient?gender:in=http://nowhere.test/set')).toBe(400);
  });

  test(':not-in finds what has no code of the value set', async () => {
    const set = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    expect(await found(`Patient?gender:not-in=${set}`)).toEqual(['bare']);
  });

  test(':below finds codes under a code, urls under a url and what is part of what is referred to', async () => {
    expect(await found(`RelatedPerson?relationship:below=${ROLE}|PRN`)).toEqual(['mother', 'parent']);
    expect(await found(`RelatedPerson?relationship:below=${ROLE}|MTH`)).toEqual(['mother']);
    expect(await found('ValueSet?url:below=http://acme.test/fhir')).toEqual(['book', 'shelf']);
    expect(await found('ValueSet?url:below=http://acme.test/fhir/book')).toEqual(['book']);
    expect(await found('Patient?organization:below=Organization/whole')).toEqual(['full', 'other']);
    expect(await found('Patient?organization:below=Organization/part')).toEqual(['full']);
  });

  test(':above finds codes over a code, urls over a url and what is whole of what is referred to', async () => {
    expect(await found(`RelatedPerson?relationship:above=${ROLE}|PRN`)).toEqual(['kin', 'parent']);
    expect(await found('ValueSet?url:above=http://acme.test/fhir/book')).toEqual(['book', 'shelf']);
    expect(await found('ValueSet?url:above=http://acme.test/fhir')).toEqual(['shelf']);
    expect(await found('Patient?organization:above=Organization/part')).toEqual(['full', 'other']);
    expect(await found('Patient?organization:above=Organization/whole')).toEqual(['other']);
  });

  test(':of-type finds an identifier by its type and value', async () => {
    expect(await found('Patient?identifier=urn:mrn|7')).toEqual(['full', 'other']);
    expect(await found(`Patient?identifier:of-type=${V2}|MR|7`)).toEqual(['full']);
    expect(await found(`Patient?identifier:of-type=${V2}|MR|8`)).toEqual([]);
  });

  test(':identifier finds what refers by an identifier', async () => {
    expect(await found('Observation?subject:identifier=urn:mrn|7')).toEqual(['breath']);
    expect(await found('Observation?subject:identifier=urn:mrn|8')).toEqual([]);
  });

  test(':[type] finds references to that type alone, with an id or a chain', async () => {
    expect(await found('Observation?subject:Patient=full')).toEqual(['heart']);
    expect(await found('Observation?subject:Group=full')).toEqual([]);
    expect(await found('Observation?subject:Group=Patient/full')).toEqual([]);
    expect(await found('Observation?subject:Patient.gender=male')).toEqual(['breath']);
    expect(await found('Observation?subject:Medication=full')).toBe(400);
  });

  test(':iterate includes from what was included, and :recurse, its former name, too', async () => {
    const included = async (modifier: string) =>
      idsOf(
        await it.ask(
          'GET',
          `Observation?_id=heart&_include=Observation:subject&_include${modifier}=Patient:organization&_include${modifier}=Organization:partof`,
        ),
        'include',
      ).toSorted();
    expect(await included('')).toEqual(['full']);
    expect(await included(':iterate')).toEqual(['full', 'part', 'whole']);
    expect(await included(':recurse')).toEqual(['full', 'part', 'whole']);
  });
});

test('a modifier that does not apply is refused with those that do', async () => {
  const refused = await it.ask('GET', 'Patient?family:below=x');
  expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([
    400,
    expect.stringContaining('use :exact, :contains or :missing'),
  ]);
  expect(await found('Patient?birthdate:exact=2020')).toBe(400);
});
