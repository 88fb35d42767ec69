import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { graphql } from '../../operations/graphql/graphql.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living, observation } from '../interactions/living.ts';

let it: Living;
beforeAll(async () => {
  const limits = { bundleEntries: 500, bodyBytes: 10_000_000, pageSize: 2, maxPageSize: 5 };
  it = await living({ operations: [served(graphql)], limits });
  await it.ask('PUT', 'Patient/p', {
    resourceType: 'Patient',
    id: 'p',
    gender: 'female',
    name: [
      { use: 'official', family: 'Chalmers', given: ['Peter', 'James'] },
      { use: 'usual', given: ['Jim'] },
    ],
    telecom: [
      { system: 'phone', use: 'home', value: '1' },
      { system: 'phone', use: 'work', value: '2' },
      { system: 'phone', use: 'home', value: '3' },
    ],
  });
  for (const id of ['o1', 'o2', 'o3', 'o4', 'o5'])
    await it.ask('PUT', `Observation/${id}`, { ...observation('p'), id });
});
afterAll(() => it.stop());

const ask = async (query: string) =>
  (await it.ask('POST', '$graphql', query, { contentType: 'application/graphql' })).body;

describe('@slice', () => {
  test('adds to the names within a flattened list what its FHIRPath gives, or the index', async () => {
    const { data } = await ask(
      '{ Patient(id: "p") @flatten { name @flatten @slice(path: "use") { given family @singleton } } }',
    );
    expect(data).toEqual({
      'given.official': ['Peter', 'James'],
      'family.official': 'Chalmers',
      'given.usual': ['Jim'],
    });
    const byIndex = await ask(
      '{ Patient(id: "p") { name @flatten @slice(fhirpath: "$index") { given @first @singleton use @singleton } } }',
    );
    expect(byIndex.data.Patient).toEqual({
      'given.0': 'Peter',
      'use.0': 'official',
      'given.1': 'Jim',
      'use.1': 'usual',
    });
  });

  test('adds it to the name of the list itself, and to what it has already where lists nest', async () => {
    const { data } = await ask(`{ Patient(id: "p") {
      telecom @slice(fhirpath: "use") { value }
      name @flatten @slice(fhirpath: "use") { given @slice(fhirpath: "$index") @singleton }
    } }`);
    expect(data.Patient).toEqual({
      'telecom.home': [{ value: '1' }, { value: '3' }],
      'telecom.work': [{ value: '2' }],
      'given.official.0': 'Peter',
      'given.official.1': 'James',
      'given.usual.0': 'Jim',
    });
  });

  test('of a search names each match', async () => {
    const { data } = await ask(
      '{ ObservationList(_count: 2, _sort: "_id") @flatten @slice(fhirpath: "id") { status @singleton } }',
    );
    expect(data).toEqual({ 'status.o1': 'final', 'status.o2': 'final' });
  });

  test('is refused where nothing repeats, without a FHIRPath, and for a wrong one', async () => {
    expect((await ask('{ Patient(id: "p") { gender @slice(fhirpath: "$this") } }')).issue[0].diagnostics).toContain(
      'gender',
    );
    expect((await ask('{ Patient(id: "p") { name @slice { use } } }')).errors[0].message).toContain('one FHIRPath');
    expect((await ask('{ Patient(id: "p") { name @slice(fhirpath: "use.") { use } } }')).errors).toHaveLength(1);
  });
});

test('@flatten makes lists of what is within a list, not of what is within one value', async () => {
  const { data } = await ask('{ Patient(id: "p") @flatten { gender name @flatten { family } } }');
  expect(data).toEqual({ gender: 'female', family: ['Chalmers'] });
});

describe('a list', () => {
  test('holds all that match, over as many pages as it takes', async () => {
    const { data } = await ask(
      '{ ObservationList { id } Patient(id: "p") { ObservationList(_reference: subject) { id } } }',
    );
    expect(data.ObservationList).toHaveLength(5);
    expect(data.Patient.ObservationList).toHaveLength(5);
    expect((await ask('{ ObservationList(_count: 1) { id } }')).data.ObservationList).toHaveLength(1);
  });

  test('that would be too long is an error, not a part of it', async () => {
    await it.ask('PUT', 'Observation/o6', { ...observation('p'), id: 'o6' });
    const { data, errors } = await ask('{ ObservationList { id } }');
    await it.ask('DELETE', 'Observation/o6');
    expect([data.ObservationList, errors[0].extensions.resource.issue[0].code]).toEqual([null, 'too-costly']);
    expect(errors[0].message).toContain('ObservationConnection');
  });

  test('is narrowed by FHIRPath', async () => {
    const { data } = await ask(
      `{ ObservationList(fhirpath: "id > 'o3'", _sort: "_id") { id } ObservationConnection(fhirpath: "id = 'o1'", _count: 5) { edges { resource { id } } } }`,
    );
    expect(data.ObservationList).toEqual([{ id: 'o4' }, { id: 'o5' }]);
    expect(data.ObservationConnection.edges).toEqual([{ resource: { id: 'o1' } }]);
  });
});

describe('a cursor', () => {
  const page = 'next first edges { resource { id } }';
  const shown = (connection: { edges: { resource: { id: string } }[] }) =>
    connection.edges.map(({ resource }) => resource.id);

  test('goes on with its search by itself, also with one from within a resource', async () => {
    const nested = await ask(
      `{ Patient(id: "p") { ObservationConnection(_reference: subject, _sort: "_id") { count ${page} } } }`,
    );
    const begun = nested.data.Patient.ObservationConnection;
    expect([begun.count, shown(begun)]).toEqual([5, ['o1', 'o2']]);
    const next = await ask(`{ ObservationConnection(_cursor: "${begun.next}") { count ${page} } }`);
    expect([next.data.ObservationConnection.count, shown(next.data.ObservationConnection)]).toEqual([5, ['o3', 'o4']]);
    const first = await ask(
      `{ ObservationConnection(_cursor: "${next.data.ObservationConnection.first}") { ${page} } }`,
    );
    expect(shown(first.data.ObservationConnection)).toEqual(['o1', 'o2']);
  });

  test('may not be given with another search, and must be one', async () => {
    const { next } = (await ask(`{ ObservationConnection(_sort: "_id") { ${page} } }`)).data.ObservationConnection;
    const other = await ask(`{ ObservationConnection(_cursor: "${next}", status: final) { ${page} } }`);
    expect(other.errors[0].message).toContain("'status'");
    expect((await ask(`{ ObservationConnection(_cursor: "nonsense") { ${page} } }`)).errors[0].message).toContain(
      'no cursor',
    );
    expect(
      (await ask(`{ Patient(id: "p") { ObservationConnection(_reference: subject, _cursor: "x") { next } } }`)).issue,
    ).toHaveLength(1);
  });
});

test('a reference narrowed by type gives the elements of that type', async () => {
  const { data } = await ask(
    '{ Observation(id: "o1") { subject { resource(type: Patient) { id gender } group: resource(type: Group) { quantity } } } }',
  );
  expect(data.Observation.subject).toEqual({ resource: { id: 'p', gender: 'female' }, group: null });
  const wrong = await ask('{ Observation(id: "o1") { subject { resource(type: Group) { gender } } } }');
  expect(wrong.issue[0].diagnostics).toContain('on type "Group"');
});
