import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { graphql } from '../../operations/graphql/graphql.ts';
import { served } from '../../src/operation/served.ts';
import { type Asking, type Living, living, observation } from '../interactions/living.ts';

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [served(graphql)] });
  for (const [id, family, gender] of [
    ['p', 'Ader', 'female'],
    ['q', 'Bruns', 'male'],
  ]) {
    await it.ask('PUT', `Patient/${id}`, {
      resourceType: 'Patient',
      id,
      gender,
      birthDate: '1980-04',
      _birthDate: { extension: [{ url: 'http://example.org/note', valueString: 'told by the patient' }] },
      name: [
        { use: 'official', family, given: ['Ann', 'Bea'] },
        { use: 'nickname', given: ['Cee'] },
      ],
    });
  }
  const exact = JSON.stringify(observation('p', { id: 'o1', performer: [{ reference: 'Practitioner/gone' }] }));
  await it.ask('PUT', 'Practitioner/gone', { resourceType: 'Practitioner', id: 'gone', name: [{ family: 'Pract' }] });
  await it.ask('PUT', 'Observation/o1', exact.replace('"value":60', '"value":60.10'));
  await it.ask('PUT', 'Observation/o2', observation('p', { id: 'o2', effectiveDateTime: '2026-01-02T00:00:00Z' }));
  await it.ask('PUT', 'Observation/o3', {
    ...observation('q'),
    id: 'o3',
    contained: [{ resourceType: 'Device', id: 'd', deviceName: [{ name: 'Watch', type: 'user-friendly-name' }] }],
    device: { reference: '#d' },
  });
});
afterAll(() => it.stop());

const ask = (query: string, asking: Asking = {}, path = '$graphql') =>
  it.ask('POST', path, query, { contentType: 'application/graphql', ...asking });

describe('reading', () => {
  test('a resource by id, as far as it is asked for, choices, extensions of primitives and exact decimals included', async () => {
    const { status, body, text } = await ask(`{
      Patient(id: "p") { resourceType id birthDate _birthDate { extension { url valueString } } name { family given } }
      Observation(id: "o1") { effectiveDateTime valueQuantity { value code } valueString }
    }`);
    expect(status).toBe(200);
    expect(body.data.Patient).toEqual({
      resourceType: 'Patient',
      id: 'p',
      birthDate: '1980-04',
      _birthDate: { extension: [{ url: 'http://example.org/note', valueString: 'told by the patient' }] },
      name: [
        { family: 'Ader', given: ['Ann', 'Bea'] },
        { family: null, given: ['Cee'] },
      ],
    });
    expect(body.data.Observation.valueString).toBeNull();
    expect(text).toContain('"value":60.10');
  });

  test('a list, by search parameters whose hyphens are underscores, sorted and counted', async () => {
    const { body } = await ask(
      '{ ObservationList(patient: "Patient/p", _filter: "date ge 2026-01-01 and date lt 2026-01-02") { id } either: ObservationList(_id: ["o1", "o3"], _sort: "_id") { id } all: ObservationList(_sort: "_id", _count: 2) { id } men: PatientList(gender: male) { id } none: PatientList(general_practitioner: "Practitioner/gone") { id } filtered: PatientList(_filter: "family eq \\"Ader\\"") { id } }',
    );
    expect(body.data).toEqual({
      ObservationList: [{ id: 'o1' }],
      either: [{ id: 'o1' }, { id: 'o3' }],
      all: [{ id: 'o1' }, { id: 'o2' }],
      men: [{ id: 'q' }],
      none: [],
      filtered: [{ id: 'p' }],
    });
  });

  test('a reference leads to its resource, contained ones too, by type', async () => {
    const { body } = await ask(`{
      ObservationList(_sort: "-date") {
        id
        subject { reference resource { id ... on Patient { gender } } }
        device { resource { ... on Device { deviceName { name } } } }
        group: subject { resource(type: Group) { id } }
      }
    }`);
    const byId = Object.fromEntries(body.data.ObservationList.map((each: { id: string }) => [each.id, each]));
    expect(byId.o2.subject).toEqual({ reference: 'Patient/p', resource: { id: 'p', gender: 'female' } });
    expect(byId.o3.device.resource.deviceName).toEqual([{ name: 'Watch' }]);
    expect(byId.o3.group.resource).toBeNull();
    expect(body.errors).toBeUndefined();
  });

  test('what refers to a resource is found from within it, also at instance level', async () => {
    const { body } = await ask(
      '{ gender ObservationList(_reference: subject, _sort: "date") { id effectiveDateTime } }',
      {},
      'Patient/p/$graphql',
    );
    expect(body.data.gender).toBe('female');
    expect(body.data.ObservationList.map(({ id }: { id: string }) => id)).toEqual(['o1', 'o2']);
    expect((await ask('{ id }', {}, 'Patient/nobody/$graphql')).status).toBe(404);
  });

  test('a connection pages to the end and counts', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await it.ask('POST', '$graphql', {
        query:
          'query Page($cursor: ID) { ObservationConnection(_count: 2, _cursor: $cursor) { count offset pagesize next last edges { mode score resource { id } } } }',
        variables: { cursor },
        operationName: 'Page',
      });
      const page = body.data.ObservationConnection;
      expect(page.count).toBe(3);
      expect(page.pagesize).toBe(page.edges.length);
      seen.push(...page.edges.map((edge: { resource: { id: string } }) => edge.resource.id));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen.sort()).toEqual(['o1', 'o2', 'o3']);
  });

  test('items of a list are picked by member, FHIRPath and window', async () => {
    const { body } = await ask(`{ Patient(id: "p") {
      official: name(use: official) { family }
      path: name(fhirpath: "given.count() = 1") { given }
      second: name(_offset: 1, _count: 1) { use }
      given: name(use: "official") { given(_count: 1) }
    } }`);
    expect(body.data.Patient).toEqual({
      official: [{ family: 'Ader' }],
      path: [{ given: ['Cee'] }],
      second: [{ use: 'nickname' }],
      given: [{ given: ['Ann'] }],
    });
  });

  test('@flatten, @first and @singleton shape the answer', async () => {
    const { body } = await ask(`{
      PatientList(_sort: "family") @flatten { id name(use: official) @flatten { family given @first } }
      Patient(id: "p") @flatten { gender @singleton }
    }`);
    expect(body.data).toEqual({
      id: ['p', 'q'],
      family: ['Ader', 'Bruns'],
      given: ['Ann', 'Ann'],
      gender: 'female',
    });
  });

  test('by GET as well, with variables', async () => {
    const query = encodeURIComponent('query Q($id: ID!) { Patient(id: $id) { gender } }');
    const { body } = await it.ask('GET', `$graphql?query=${query}&variables=${encodeURIComponent('{"id":"q"}')}`);
    expect(body.data.Patient.gender).toBe('male');
    const parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'query', valueString: '{ Patient(id: "p") { id } }' }],
    };
    expect((await it.ask('POST', '$graphql', parameters)).body.data.Patient.id).toBe('p');
  });

  test('the schema describes itself', async () => {
    const { body } = await ask(
      '{ __schema { queryType { fields { name } } mutationType { name } } __type(name: "Patient") { interfaces { name } fields { name } } }',
    );
    const { queryType, mutationType } = body.data.__schema;
    expect(queryType.fields).toHaveLength(3 * it.world.registry.resourceTypes.length);
    expect(mutationType).toBeNull();
    expect(body.data.__type.interfaces).toEqual([{ name: 'Resource' }]);
    expect(body.data.__type.fields).toContainEqual({ name: 'ObservationList' });
  });
});

describe('permission', () => {
  const asPatient = { scope: 'patient/*.rs', patient: 'q', client: 'app-of-q' };

  test('nobody sees more than by reading and searching', async () => {
    const { body } = await ask(
      '{ ObservationList { id } PatientList { id } Patient(id: "p") { id } own: Patient(id: "q") { id } }',
      asPatient,
    );
    expect(body.data).toEqual({
      ObservationList: [{ id: 'o3' }],
      PatientList: [{ id: 'q' }],
      Patient: null,
      own: { id: 'q' },
    });
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].path).toEqual(['Patient']);
    expect(body.errors[0].extensions.resource.issue[0].code).toBe('not-found');
  });

  test('what a scope does not allow is an error of its field alone', async () => {
    const { status, body } = await ask('{ ObservationList { id } PatientList { id } }', { scope: 'system/Patient.rs' });
    expect(status).toBe(200);
    expect(body.data.ObservationList).toBeNull();
    expect(body.data.PatientList).toHaveLength(2);
    expect(body.errors[0].extensions.resource.issue[0]).toMatchObject({ code: 'forbidden' });
  });

  test('a reference that may not be followed is an error, or nothing where that is optional', async () => {
    const query = (argument: string) => `{ Observation(id: "o1") { performer { resource${argument} { id } } } }`;
    const strict = (await ask(query(''), { scope: 'system/Observation.rs' })).body;
    expect(strict.data.Observation.performer).toEqual([{ resource: null }]);
    expect(strict.errors).toHaveLength(1);
    const lenient = (await ask(query('(optional: true)'), { scope: 'system/Observation.rs' })).body;
    expect([lenient.data.Observation.performer, lenient.errors]).toEqual([[{ resource: null }], undefined]);
  });

  test('every resource shown and every refusal is in the audit log', async () => {
    await ask('{ Observation(id: "o2") { subject { resource { id } } } }', { client: 'graphql-reader' });
    await ask('{ Patient(id: "p") { id } }', { scope: 'system/Observation.rs', client: 'graphql-nosy' });
    const events = async (query: string) =>
      ((await it.ask('GET', `AuditEvent?${query}`)).body.entry ?? []).map(
        ({ resource }: { resource: { subtype: { code: string }[]; outcome: string } }) =>
          `${resource.subtype[0]?.code} ${resource.outcome}`,
      );
    expect((await events('agent:identifier=graphql-reader')).sort()).toEqual(['operation 0', 'read 0', 'read 0']);
    expect(await events('agent:identifier=graphql-nosy')).toContain('read 4');
  });
});

describe('a query that cannot be answered is refused with 400 and says why', () => {
  const nested = `{ ObservationList(_count: 100) { subject { resource { ... on Patient { ObservationList(_reference: subject, _count: 100) { subject { resource { id } } } } } } } }`;
  const deep = `{ Questionnaire(id: "x") { ${'item { '.repeat(16)} linkId ${'} '.repeat(16)} } }`;
  const wide = `{ ${Array.from({ length: 2100 }, (_, n) => `a${n}: __typename p${n}: Patient(id: "p") { id }`).join(' ')} }`;
  test.each([
    ['{ Patient(id: "p") { ', /Syntax Error.*line 1/],
    ['{ Patient(id: "p") { nmae { family } } }', /Cannot query field "nmae" on type "Patient"\. Did you mean "name"/],
    ['{ Patient { id } }', /"id" of type "ID!" is required/],
    ['{ PatientList(colour: "red") { id } }', /Unknown argument "colour"/],
    ['mutation { PatientDelete(id: "p") }', /only reads/],
    ['query A { Patient(id: "p") { id } } query B { Patient(id: "p") { id } }', /operationName/],
    ['query A($id: ID!) { Patient(id: $id) { id } }', /\$id.*required/],
    ['', /must be a GraphQL document/],
    [nested, /more than 1000 reads/],
    [deep, /more than 16 fields deep \(at 'item', line 1/],
    [wide, /tokens|more than/],
    ['{ Patient(id: "p") { ...a } } fragment a on Patient { ...a }', /fragment "a" within itself/],
  ])('%#', async (query, why) => {
    const { status, body } = await ask(query);
    expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
    expect(body.issue[0].diagnostics).toMatch(why);
  });

  test('by its parameters too', async () => {
    expect((await it.ask('GET', '$graphql?query=%7Bx%7D&bogus=1')).body.issue[0].diagnostics).toContain("'bogus'");
    expect((await it.ask('POST', '$graphql', { query: '{ x }', more: 1 })).status).toBe(400);
    expect((await it.ask('POST', '$graphql', '<x/>', { contentType: 'text/xml' })).status).toBe(415);
    expect((await it.ask('GET', 'Patient/$graphql?query=%7Bid%7D')).status).toBe(404);
  });

  test('a search that a server would refuse is an error with its OperationOutcome', async () => {
    const { body } = await ask(
      '{ PatientList(birthdate: "yesterday") { id } Patient(id: "p") { name(fhirpath: "((") { use } } }',
    );
    expect(body.data.PatientList).toBeNull();
    expect(
      body.errors.map(
        ({ extensions }: { extensions: { resource: { issue: { diagnostics: string }[] } } }) =>
          extensions.resource.issue[0]?.diagnostics,
      ),
    ).toEqual([expect.stringContaining('birthdate'), expect.anything()]);
  });
});
