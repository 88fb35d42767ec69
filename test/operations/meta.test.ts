import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { meta, metaAdd, metaDelete } from '../../operations/meta/meta.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [meta, metaAdd, metaDelete].map(served) });
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', meta: { tag: [{ system: 's', code: 'one' }] } });
  await it.ask('PUT', 'Patient/q', { resourceType: 'Patient', id: 'q', meta: { tag: [{ system: 's', code: 'two' }] } });
  await it.ask('PUT', 'Organization/o', {
    resourceType: 'Organization',
    id: 'o',
    name: 'O',
    meta: { security: [{ system: 's', code: 'R' }] },
  });
});
afterAll(() => it.stop());

const given = (meta: object) => ({ resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] });
const returned = (body: { parameter: { valueMeta: object }[] }) => body.parameter[0]?.valueMeta;

test('$meta tells the labels of a resource, of a type and of the server', async () => {
  expect(returned((await it.ask('GET', 'Patient/p/$meta')).body)).toMatchObject({
    versionId: '1',
    tag: [{ code: 'one' }],
  });
  expect(returned((await it.ask('GET', 'Patient/$meta')).body)).toEqual({
    tag: expect.arrayContaining([
      { system: 's', code: 'one' },
      { system: 's', code: 'two' },
    ]),
  });
  expect(returned((await it.ask('GET', '$meta')).body)).toMatchObject({ security: [{ code: 'R' }] });
  const own = await it.ask('GET', 'Patient/$meta', undefined, { scope: 'patient/*.rs', patient: 'q' });
  expect(returned(own.body)).toEqual({ tag: [{ system: 's', code: 'two' }] });
});

test('$meta-add adds what is new, as a version that search finds, and $meta-delete takes it away', async () => {
  const more = given({
    tag: [
      { system: 's', code: 'one' },
      { system: 's', code: 'new' },
    ],
    security: [{ system: 's', code: 'V' }],
  });
  const added = await it.ask('POST', 'Patient/p/$meta-add', more);
  expect(returned(added.body)).toMatchObject({
    versionId: '2',
    tag: [{ code: 'one' }, { code: 'new' }],
    security: [{ code: 'V' }],
  });
  expect((await it.ask('GET', 'Patient?_tag=s|new')).body.entry).toHaveLength(1);
  expect(returned((await it.ask('POST', 'Patient/p/$meta-add', more)).body)).toMatchObject({ versionId: '2' });
  const fewer = await it.ask(
    'POST',
    'Patient/p/$meta-delete',
    given({
      tag: [
        { system: 's', code: 'new' },
        { system: 's', code: 'absent' },
      ],
    }),
  );
  expect(returned(fewer.body)).toMatchObject({ versionId: '3', tag: [{ code: 'one' }] });
  expect((await it.ask('GET', 'Patient/p/_history')).body.entry).toHaveLength(3);
});

test('changing labels needs the right to change the resource', async () => {
  const refused = await it.ask('POST', 'Patient/p/$meta-add', given({ tag: [{ system: 's', code: 'x' }] }), {
    scope: 'system/Patient.rs',
  });
  expect(refused.status).toBe(403);
  expect((await it.ask('GET', 'Patient/p/$meta-add')).status).toBe(405);
  expect((await it.ask('POST', 'Patient/p/$meta-add', given({ tag: 'x' }))).status).toBe(400);
  expect((await it.ask('POST', 'Patient/none/$meta-add', given({}))).status).toBe(404);
});

test('an operation on a resource is told of among the accesses to its patient’s data', async () => {
  const { body } = await it.ask('POST', 'Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'steps' },
    subject: { reference: 'Patient/p' },
  });
  await it.ask('GET', `Observation/${body.id}/$meta`, undefined, { client: 'asker' });
  const told = await it.ask('GET', 'AuditEvent?patient=Patient/p&agent:identifier=asker');
  expect(told.body.entry).toHaveLength(1);
});

test.each(['_summary=true', '_elements=meta'])('%s is refused by an operation whose answer is whole', async (query) => {
  const { status, body } = await it.ask('GET', `Patient/p/$meta?${query}`);
  expect([status, body.issue[0].code]).toEqual([400, 'not-supported']);
  const lenient = { headers: { prefer: 'handling=lenient' } };
  expect((await it.ask('GET', `Patient/p/$meta?${query}`, undefined, lenient)).status).toBe(200);
  expect((await it.ask('GET', 'Patient/p/$meta?_summary=false')).status).toBe(200);
});
