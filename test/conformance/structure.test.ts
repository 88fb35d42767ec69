import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/fhir/resource.ts';
import { heartRate, validating } from './validating.ts';

const validate = validating();

const patient = (change: Readonly<Record<string, Json>>) => validate({ resourceType: 'Patient', ...change });

describe('the structure of a resource', () => {
  test('that is right passes without a word', () => {
    expect(validate(heartRate())).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, Json>>, string]>([
    [
      'a misspelt element, with what was meant',
      { birthdate: '1990-01-01' },
      'error Patient.birthdate: Patient has no element birthdate: did you mean birthDate?',
    ],
    [
      'a choice without its type',
      { deceased: true },
      'error Patient.deceased: Patient has no element deceased: name its type, such as deceasedBoolean',
    ],
    [
      'two values of a choice',
      { deceasedBoolean: true, deceasedDateTime: '2020' },
      'error Patient.deceasedDateTime: only one deceased[x] is allowed, found deceasedBoolean and deceasedDateTime',
    ],
    [
      'a choice beside the extensions of another',
      { _deceasedBoolean: { extension: [{ url: 'urn:x', valueString: 'a' }] }, deceasedDateTime: '2020' },
      'error Patient.deceasedDateTime: only one deceased[x] is allowed, found deceasedBoolean and deceasedDateTime',
    ],
    [
      'an array for a single value',
      { active: [true] },
      'error Patient.active: active does not repeat: expected a single value, found an array',
    ],
    [
      'a single value for an array',
      { name: { family: 'X' } },
      'error Patient.name: name repeats: expected a JSON array',
    ],
    ['an empty array', { name: [] }, 'error Patient.name: an array must not be empty; leave it out instead'],
    [
      'an empty object',
      { name: [{}] },
      'error Patient.name[0]: an element must have a value or children (ele-1); leave it out instead',
    ],
    [
      'an empty string',
      { name: [{ family: '' }] },
      'error Patient.name[0].family: a string must not be empty; leave the element out',
    ],
    [
      'null for an object',
      { maritalStatus: null },
      'error Patient.maritalStatus: expected a JSON object of type CodeableConcept, found null',
    ],
    ['null for a primitive', { gender: null }, 'error Patient.gender: expected a JSON string, found null'],
    [
      'null in a list without a companion',
      { name: [{ given: ['A', null] }] },
      'error Patient.name[0].given[1]: null is allowed only where _given[1] holds an extension or id',
    ],
    [
      'lists of primitives and companions of unequal length',
      { name: [{ given: ['A'], _given: [null, { extension: [{ url: 'urn:x', valueString: 'a' }] }] }] },
      'error Patient.name[0].given: _given has 2 items but given has 1',
    ],
    [
      'a list of companions that says nothing',
      { name: [{ _given: [null] }] },
      'error Patient.name[0].given[0]: an element must have a value or children (ele-1); leave it out instead',
    ],
    [
      'an empty list of companions',
      { name: [{ text: 'x', _given: [] }] },
      'error Patient.name[0].given: an array must not be empty; leave it out instead',
    ],
    [
      'a companion of an object',
      { _maritalStatus: { id: 'x' } },
      'error Patient._maritalStatus: Patient has no element _maritalStatus: did you mean maritalStatus?',
    ],
    [
      'an id of an element with spaces',
      { name: [{ id: 'a b', text: 'x' }] },
      'error Patient.name[0].id: the id of an element has no spaces, found "a b"',
    ],
    [
      'an id of an element that has a companion',
      { name: [{ _id: { id: 'x' }, text: 'x' }] },
      'error Patient.name[0]._id: HumanName has no element _id: did you mean id?',
    ],
    [
      'a missing element deep down',
      { communication: [{ preferred: true }] },
      'error Patient.communication[0].language: Patient.communication.language is required',
    ],
  ])('is refused for %s', (_what, change, issue) => {
    expect(patient(change)).toEqual([issue]);
  });

  test('keeps nulls beside extensions, and a value said by an extension alone', () => {
    const absent = {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
    };
    expect(patient({ name: [{ given: ['A', null], _given: [null, absent] }], _birthDate: absent })).toEqual([]);
    expect(validate(heartRate({ status: undefined, _status: absent }))).toEqual([]);
    expect(patient({ birthDate: '1990', _birthDate: { id: 'b' } })).toEqual([]);
    expect(patient({ _birthDate: { id: 'b' } })).toEqual([
      'error Patient.birthDate: an element must have a value or children (ele-1); leave it out instead',
    ]);
  });

  test('names a resource type that does not exist', () => {
    expect(validate({ resourceType: 'Pacient' })).toEqual([
      'error Pacient.resourceType: Pacient is not a resource type of R4: did you mean Patient?',
    ]);
  });

  test('of a hostile resource is judged in bounded time and words', () => {
    const nonsense = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`nonsense${at}`, 1]));
    const start = performance.now();
    expect(patient(nonsense).length).toBeLessThanOrEqual(200);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('resources inside resources', () => {
  test('are judged in Bundles with the entry named', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: heartRate(), request: { method: 'POST', url: 'Observation' } },
        { resource: heartRate({ status: 'done' }), request: { method: 'POST', url: 'Observation' } },
      ],
    };
    expect(validate(bundle)).toEqual([
      expect.stringMatching(
        /^error Bundle\.entry\[1\]\.resource\.status: done is not allowed here: use one of registered, /,
      ),
    ]);
  });

  test('are judged when contained, and may not contain others', () => {
    const contained = (resource: Json): readonly string[] =>
      validate(heartRate({ subject: { reference: '#p' }, contained: [resource] }));
    expect(contained({ resourceType: 'Patient', id: 'p' })).toEqual([]);
    expect(contained({ resourceType: 'Patient', id: 'p', gender: 'm' })).toEqual([
      'error Observation.contained[0].gender: m is not allowed here: use one of male, female, other, unknown',
    ]);
    expect(
      contained({
        resourceType: 'Patient',
        id: 'p',
        contained: [{ resourceType: 'Basic', id: 'b', code: { text: 'x' } }],
      }),
    ).toContainEqual('error Observation.contained[0].contained: a contained resource must not contain others (dom-2)');
    expect(contained({ resourceType: 'Patient', id: 'p', meta: { versionId: '1' } })).toEqual([
      'error Observation.contained[0].meta: a contained resource must not have meta.versionId or meta.lastUpdated (dom-4)',
    ]);
    const twice = [
      { resourceType: 'Patient', id: 'p' },
      { resourceType: 'Patient', id: 'p' },
    ];
    expect(validate(heartRate({ subject: { reference: '#p' }, contained: twice }))).toEqual([
      'error Observation.contained[1].id: another contained resource has the id p already',
    ]);
    const answers = {
      resourceType: 'QuestionnaireResponse',
      id: 'q',
      status: 'completed',
      subject: { reference: '#' },
    };
    expect(validate(heartRate({ contained: [answers] }))).toEqual([]);
    expect(contained({ resourceType: 'Medication', id: 'p' })).toEqual([
      expect.stringMatching(
        /^error Observation\.subject\.reference: #p refers to a Medication; this element may refer to Patient or/,
      ),
    ]);
  });

  test('must be referred to', () => {
    expect(validate(heartRate({ contained: [{ resourceType: 'Patient', id: 'p' }] }))).toEqual([
      'error Observation.contained[0]: nothing refers to the contained resource #p (dom-3)',
    ]);
    const text = heartRate({ contained: [{ resourceType: 'Patient', id: 'p' }], note: [{ text: '#p' }] });
    expect(validate(text)).toEqual([
      'error Observation.contained[0]: nothing refers to the contained resource #p (dom-3)',
    ]);
    const byUri = { contained: [{ resourceType: 'Patient', id: 'p' }], extension: [{ url: 'urn:x', valueUri: '#p' }] };
    expect(validate(heartRate(byUri))).toEqual([]);
    const nameless = {
      contained: [{ resourceType: 'Patient' }],
      extension: [{ url: 'urn:x', valueUri: '#undefined' }],
    };
    expect(validate(heartRate(nameless))).toEqual([
      'error Observation.contained[0]: nothing refers to the contained resource # (dom-3)',
    ]);
    expect(validate(heartRate({ subject: { reference: '#nobody' } }))).toEqual([
      'error Observation.subject: SHALL have a contained resource if a local reference is provided (ref-1)',
    ]);
  });
});
