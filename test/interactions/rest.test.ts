import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BASE, type Living, living, observation } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

const patient = async (more: object = {}): Promise<string> =>
  (await it.ask('POST', 'Patient', { resourceType: 'Patient', ...more })).body.id;

describe('create and read', () => {
  test('what is created is read back, decimals as they were sent', async () => {
    const sent = `{"resourceType":"Observation","status":"final","code":{"text":"x"},"meta":{"versionId":"9","tag":[{"code":"t"}]},"valueQuantity":{"value":0.10}}`;
    const made = await it.ask('POST', 'Observation', sent);
    expect(made.status).toBe(201);
    expect(made.headers['Location']).toBe(`${BASE}/Observation/${made.body.id}/_history/1`);
    expect(made.headers['ETag']).toBe('W/"1"');
    const read = await it.ask('GET', `Observation/${made.body.id}`);
    expect(read.text).toBe(made.text);
    expect(read.text).toContain('"value":0.10');
    expect(read.body.meta).toMatchObject({ versionId: '1', tag: [{ code: 't' }] });
    expect(read.headers['Last-Modified']).toMatch(/GMT$/);
  });

  test('Prefer says what comes back', async () => {
    const prefer = (value: string) =>
      it.ask('POST', 'Patient', { resourceType: 'Patient' }, { headers: { prefer: value } });
    expect((await prefer('return=minimal')).text).toBe('');
    expect((await prefer('return=OperationOutcome')).body.resourceType).toBe('OperationOutcome');
    expect((await prefer('return=everything')).body.resourceType).toBe('Patient');
  });

  test('a resource that is not valid is refused with every issue and its element', async () => {
    const refused = await it.ask('POST', 'Observation', {
      resourceType: 'Observation',
      status: 'nonsense',
      code: { text: 'x' },
    });
    expect([400, 422]).toContain(refused.status);
    expect(refused.body.issue[0].expression).toEqual(['Observation.status']);
  });

  test('a dangling subject is refused, and the element is named', async () => {
    const refused = await it.ask('POST', 'Observation', observation('nobody'));
    expect(refused.status).toBe(422);
    expect(refused.body.issue[0]).toMatchObject({ expression: ['Observation.subject'] });
  });

  test('a body of another type, an unknown type, no body and a wrong method are each told apart', async () => {
    expect((await it.ask('POST', 'Patient', observation('x'))).status).toBe(400);
    expect((await it.ask('GET', 'Pateint/1')).status).toBe(404);
    expect((await it.ask('POST', 'Patient')).status).toBe(400);
    const wrong = await it.ask('PUT', 'metadata', {});
    expect([wrong.status, wrong.headers['Allow']]).toEqual([405, 'GET, HEAD']);
  });

  test('a client that has the version already gets 304', async () => {
    const id = await patient();
    expect((await it.ask('GET', `Patient/${id}`, undefined, { headers: { 'if-none-match': 'W/"1"' } })).status).toBe(
      304,
    );
    const later = new Date(Date.now() + 5000).toUTCString();
    expect((await it.ask('GET', `Patient/${id}`, undefined, { headers: { 'if-modified-since': later } })).status).toBe(
      304,
    );
  });
});

describe('update', () => {
  test('a PUT to a new id creates, the next one updates, an equal one makes no version', async () => {
    const put = (gender: string) => it.ask('PUT', 'Patient/own-id', { resourceType: 'Patient', id: 'own-id', gender });
    expect((await put('male')).status).toBe(201);
    expect((await put('female')).headers['ETag']).toBe('W/"2"');
    const same = await put('female');
    expect([same.status, same.headers['ETag']]).toEqual([200, 'W/"2"']);
  });

  test('the ids of body and URL must agree', async () => {
    expect((await it.ask('PUT', 'Patient/a', { resourceType: 'Patient', id: 'b' })).status).toBe(400);
    expect((await it.ask('PUT', 'Patient/a', { resourceType: 'Patient' })).status).toBe(400);
  });

  test('If-Match at another version is 412', async () => {
    const id = await patient();
    const put = (tag: string) =>
      it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, active: true }, { headers: { 'if-match': tag } });
    expect((await put('W/"7"')).status).toBe(412);
    expect((await put('W/"1"')).status).toBe(200);
    expect((await put('W/"1"')).status).toBe(412);
  });

  test('ten concurrent PUTs all succeed, each as its own version', async () => {
    const id = await patient();
    const puts = Array.from({ length: 10 }, (_, n) =>
      it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, name: [{ family: `n${n}` }] }),
    );
    const tags = (await Promise.all(puts)).map((answer) => answer.headers['ETag']);
    expect(new Set(tags).size).toBe(10);
  });
});

describe('delete', () => {
  test('a deleted patient is gone, not unknown, and can come back', async () => {
    const id = await patient();
    expect((await it.ask('DELETE', `Patient/${id}`)).status).toBe(204);
    expect((await it.ask('GET', `Patient/${id}`)).status).toBe(410);
    expect((await it.ask('GET', `Patient/${id}/_history/1`)).status).toBe(200);
    expect((await it.ask('DELETE', `Patient/${id}`)).status).toBe(204);
    expect((await it.ask('DELETE', 'Patient/never-there')).status).toBe(204);
    expect((await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id })).status).toBe(201);
  });
});

describe('patch', () => {
  const json = { contentType: 'application/json-patch+json' };
  test('JSON Patch changes what it names and keeps decimals', async () => {
    const sent = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50}}';
    const { id } = (await it.ask('POST', 'Observation', sent)).body;
    const patched = await it.ask(
      'PATCH',
      `Observation/${id}`,
      '[{"op":"test","path":"/status","value":"final"},{"op":"replace","path":"/status","value":"amended"}]',
      json,
    );
    expect([patched.status, patched.body.status]).toEqual([200, 'amended']);
    expect(patched.text).toContain('1.50');
  });

  test('a patch that does not apply changes nothing and names its operation', async () => {
    const id = await patient();
    const failed = await it.ask('PATCH', `Patient/${id}`, [{ op: 'remove', path: '/birthDate' }], json);
    expect(failed.status).toBe(422);
    expect(failed.body.issue[0].diagnostics).toContain('Operation 0');
    expect(
      (await it.ask('PATCH', `Patient/${id}`, [{ op: 'replace', path: '/id', value: 'other' }], json)).status,
    ).toBe(400);
  });

  test('FHIRPath Patch adds to a list that was not there and replaces by a condition', async () => {
    const id = await patient();
    const operation = (...part: object[]) => ({ name: 'operation', part });
    const patch = (parameter: object) =>
      it.ask('PATCH', `Patient/${id}`, { resourceType: 'Parameters', parameter: [parameter] });
    const added = await patch(
      operation(
        { name: 'type', valueCode: 'add' },
        { name: 'path', valueString: 'Patient' },
        { name: 'name', valueString: 'name' },
        { name: 'value', valueHumanName: { use: 'official', family: 'A' } },
      ),
    );
    expect(added.body.name).toEqual([{ use: 'official', family: 'A' }]);
    const replaced = await patch(
      operation(
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: "Patient.name.where(use='official').family" },
        { name: 'value', valueString: 'B' },
      ),
    );
    expect(replaced.body.name[0].family).toBe('B');
  });
});

describe('history', () => {
  test('versions come newest first, deletions among them, page by page', async () => {
    const id = await patient();
    await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, active: true });
    await it.ask('DELETE', `Patient/${id}`);
    const first = (await it.ask('GET', `Patient/${id}/_history?_count=2`)).body;
    expect(first.type).toBe('history');
    expect(first.entry.map((entry: { request: { method: string } }) => entry.request.method)).toEqual([
      'DELETE',
      'PUT',
    ]);
    const next = first.link.find((link: { relation: string }) => link.relation === 'next').url.slice(BASE.length);
    const second = (await it.ask('GET', next)).body;
    expect(second.entry).toHaveLength(1);
    expect(second.entry[0]).toMatchObject({
      request: { method: 'POST', url: 'Patient' },
      response: { etag: 'W/"1"' },
      resource: { id },
    });
    expect((await it.ask('GET', 'Patient/never-there/_history')).status).toBe(404);
    expect((await it.ask('GET', `Patient/_history?_since=2999-01-01T00:00:00Z`)).body.entry).toBeUndefined();
    expect((await it.ask('GET', '_history?_count=1')).body.entry).toHaveLength(1);
    expect((await it.ask('GET', '_history?_page=forged')).status).toBe(400);
  });
});

test('the capability statement is generated and open', async () => {
  const { status, body } = await it.ask('GET', 'metadata', undefined, { scope: '' });
  expect(status).toBe(200);
  const patientEntry = body.rest[0].resource.find((entry: { type: string }) => entry.type === 'Patient');
  expect(patientEntry.interaction.map(({ code }: { code: string }) => code)).toEqual(
    expect.arrayContaining(['read', 'vread', 'patch', 'history-type']),
  );
  expect(body.rest[0].interaction).toContainEqual({ code: 'batch' });
  expect(it.world.validate(body).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('_summary and _elements cut and say so', async () => {
  const sent =
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"note":[{"text":"{a: [1]}"}],"valueQuantity":{"value":2.00}}';
  const { id } = (await it.ask('POST', 'Observation', sent)).body;
  const summary = await it.ask('GET', `Observation/${id}?_summary=true`);
  expect(summary.body.note).toBeUndefined();
  expect(summary.body.meta.tag).toContainEqual(expect.objectContaining({ code: 'SUBSETTED' }));
  expect(summary.text).toContain('2.00');
  expect(
    Object.keys((await it.ask('GET', `Observation?_id=${id}&_elements=note`)).body.entry[0].resource).sort(),
  ).toEqual(['code', 'id', 'meta', 'note', 'resourceType', 'status']);
});
