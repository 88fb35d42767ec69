import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { everything } from '../../operations/everything/everything.ts';
import { validate } from '../../operations/validate/validate.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { served } from '../../src/operation/served.ts';
import { BASE, type Living, living, observation } from '../interactions/living.ts';

const definition = {
  resourceType: 'OperationDefinition',
  id: 'echo',
  url: 'http://example.org/OperationDefinition/echo',
  version: '1',
  name: 'Echo',
  title: 'Echo',
  status: 'active',
  kind: 'operation',
  description: 'Gives back what it is given.',
  code: 'echo',
  affectsState: false,
  resource: ['Patient'],
  system: true,
  type: false,
  instance: true,
  parameter: [
    { name: 'start', use: 'in', min: 1, max: '1', type: 'date', documentation: 'A day.' },
    { name: 'n', use: 'in', min: 0, max: '*', type: 'integer', documentation: 'Numbers.' },
    { name: 'period', use: 'in', min: 0, max: '1', type: 'Period', documentation: 'A period.' },
    { name: 'start', use: 'out', min: 1, max: '1', type: 'date', documentation: 'The day.' },
    { name: 'n', use: 'out', min: 0, max: '*', type: 'integer', documentation: 'The numbers.' },
  ],
} as const;
const echo = operation(definition, async ({ input }) => outputAnswer(definition, { start: input.start, n: input.n }));
const changing = operation({ ...definition, id: 'change', code: 'change', affectsState: true } as const, async () => ({
  status: 200,
  headers: {},
}));

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [echo, changing, validate, everything].map(served) });
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
  for (const id of ['x', 'y', 'z']) await it.ask('PUT', `Observation/${id}`, { ...observation('p'), id });
});
afterAll(() => it.stop());

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

describe('an operation', () => {
  test('takes its input from Parameters and from the query alike', async () => {
    const expected = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDate: '2026-01-01' },
        { name: 'n', valueInteger: 1 },
        { name: 'n', valueInteger: 2 },
      ],
    };
    expect((await it.ask('GET', 'Patient/p/$echo?start=2026-01-01&n=1&n=2')).body).toEqual(expected);
    const body = parameters(
      { name: 'start', valueDate: '2026-01-01' },
      { name: 'n', valueInteger: 1 },
      { name: 'n', valueInteger: 2 },
    );
    expect((await it.ask('POST', '$echo', body)).body).toEqual(expected);
  });

  test('what does not fit its definition is refused and located', async () => {
    const refused = async (...parameter: object[]) => {
      const { status, body } = await it.ask('POST', '$echo', parameters(...parameter));
      return [status, body.issue[0].expression?.[0]];
    };
    const start = { name: 'start', valueDate: '2026-01-01' };
    expect(await refused({ name: 'start', valueDate: '2026-02-30' })).toEqual([
      400,
      'Parameters.parameter[0].valueDate',
    ]);
    expect(await refused(start, { name: 'n', valueString: 'x' })).toEqual([400, 'Parameters.parameter[1].valueString']);
    expect(await refused(start, { name: 'n', valueInteger: 'x' })).toEqual([
      400,
      'Parameters.parameter[1].valueInteger',
    ]);
    expect(await refused(start, start)).toEqual([400, 'Parameters.parameter[1].valueDate']);
    expect(await refused(start, { name: 'bogus', valueString: 'x' })).toEqual([400, 'Parameters.parameter[1]']);
    expect(await refused()).toEqual([400, 'Parameters.parameter']);
    expect((await it.ask('GET', '$echo?start=2026-01-01&period=x')).status).toBe(400);
  });

  test('Parameters that are no valid FHIR are refused and located', async () => {
    const start = { name: 'start', valueDate: '2026-01-01' };
    const refused = async (body: object) => {
      const { status, body: outcome } = await it.ask('POST', '$echo', body);
      return [status, outcome.issue[0].expression?.[0]];
    };
    const period = (valuePeriod: object) => refused(parameters(start, { name: 'period', valuePeriod }));
    expect(await period({ start: '2026-02-01', end: '2026-01-01' })).toEqual([
      400,
      'Parameters.parameter[1].valuePeriod',
    ]);
    expect(await period({ from: '2026' })).toEqual([400, 'Parameters.parameter[1].valuePeriod.from']);
    expect(await period({})).toEqual([400, 'Parameters.parameter[1].valuePeriod']);
    expect(await refused(parameters({ ...start, resource: { resourceType: 'Basic' } }))).toEqual([
      400,
      'Parameters.parameter[0].resource',
    ]);
    expect(await refused(parameters({ ...start, valueString: 'x' }))).toEqual([
      400,
      'Parameters.parameter[0].valueString',
    ]);
    expect(await refused({ ...parameters(start), parameters: [] })).toEqual([400, 'Parameters.parameters']);
    const { body } = await it.ask('POST', 'Patient/p/$everything', parameters());
    expect(body.resourceType).toBe('Bundle');
  });

  test('is served where its definition says, by GET only where it changes nothing', async () => {
    expect((await it.ask('GET', 'Patient/$echo?start=2026-01-01')).status).toBe(404);
    expect((await it.ask('GET', 'Observation/x/$echo?start=2026-01-01')).status).toBe(404);
    expect((await it.ask('GET', '$nothing')).status).toBe(404);
    expect((await it.ask('GET', '$change?start=2026-01-01')).status).toBe(405);
    expect((await it.ask('GET', 'OperationDefinition/echo')).body.code).toBe('echo');
    const patient = (await it.ask('GET', 'metadata')).body.rest[0].resource.find(
      ({ type }: { type: string }) => type === 'Patient',
    );
    expect(patient.operation).toContainEqual({ name: 'echo', definition: definition.url });
  });

  test('a definition that a client stores under the same id is the one that is read, until it is deleted', async () => {
    const stored = { ...definition, id: 'echo', title: 'Mine' };
    expect((await it.ask('PUT', 'OperationDefinition/echo', stored)).status).toBe(201);
    expect((await it.ask('GET', 'OperationDefinition/echo')).body.title).toBe('Mine');
    expect((await it.ask('DELETE', 'OperationDefinition/echo')).status).toBe(204);
    expect((await it.ask('GET', 'OperationDefinition/echo')).body.title).toBe(definition.title);
  });

  test('its definition is a valid OperationDefinition', () => {
    for (const { definition: resource } of it.world.operations) {
      expect(it.world.validate(resource).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('a batch can call it', async () => {
    const entry = [{ request: { method: 'GET', url: 'Patient/p/$echo?start=2026-01-01' } }];
    const { body } = await it.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body.entry[0].resource.parameter[0].valueDate).toBe('2026-01-01');
  });
});

test('$validate tells what a write would refuse and stores nothing', async () => {
  const bad = { ...observation('p'), status: 'nonsense' };
  const { status, body } = await it.ask('POST', 'Observation/$validate', bad);
  expect([status, body.issue[0].severity, body.issue[0].expression]).toEqual([200, 'error', ['Observation.status']]);
  const fine = await it.ask(
    'POST',
    'Observation/$validate',
    parameters({ name: 'resource', resource: observation('p') }),
  );
  expect(fine.body.issue.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  expect((await it.ask('GET', 'Patient/p/$validate')).body.resourceType).toBe('OperationOutcome');
  expect((await it.ask('GET', 'Observation?_summary=count')).body.total).toBe(3);
});

test('$everything gives the record page by page, within the permit', async () => {
  const ids: string[] = [];
  let url: string | undefined = 'Patient/p/$everything?_count=2';
  while (url !== undefined) {
    const { body }: { body: { entry: { resource: { id: string } }[]; link: { relation: string; url: string }[] } } =
      await it.ask('GET', url);
    ids.push(...body.entry.map(({ resource }) => resource.id));
    url = body.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length);
  }
  expect(ids.sort()).toEqual(['p', 'x', 'y', 'z']);
  const other = await it.ask('GET', 'Patient/p/$everything', undefined, { scope: 'patient/*.rs', patient: 'q' });
  expect(other.status).toBe(404);
  const some = await it.ask('GET', 'Patient/p/$everything', undefined, { scope: 'system/Patient.rs' });
  expect(some.body.entry).toHaveLength(1);
});
