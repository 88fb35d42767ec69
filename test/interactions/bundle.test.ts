import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living, observation } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
});
afterAll(() => it.stop());

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: object;
  readonly request: Readonly<Record<string, string>>;
}
const bundle = (type: string, entry: readonly Entry[], more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  entry,
  ...more,
});
const post = (resource: { resourceType: string }, more: object = {}): Entry => ({
  resource,
  request: { method: 'POST', url: resource.resourceType },
  ...more,
});
const statuses = (body: { entry: { response: { status: string } }[] }) =>
  body.entry.map(({ response }) => response.status.slice(0, 3));
const count = async (query: string): Promise<number> => (await it.ask('GET', `${query}&_summary=count`)).body.total;

describe('transaction', () => {
  test('entries refer to each other by urn:uuid, also in narrative and Attachment.url', async () => {
    const uuid = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
    const document = {
      resourceType: 'DocumentReference',
      status: 'current',
      identifier: [{ system: 'urn:ietf:rfc:3986', value: uuid }],
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${uuid}">x</a></div>` },
      subject: { reference: uuid },
      content: [{ attachment: { url: uuid } }],
    };
    const done = await it.ask(
      'POST',
      '',
      bundle('transaction', [post(document), post({ resourceType: 'Patient' }, { fullUrl: uuid })]),
      {
        headers: { prefer: 'return=representation' },
      },
    );
    expect(statuses(done.body)).toEqual(['201', '201']);
    const [stored, patient] = done.body.entry.map((entry: { resource: object }) => entry.resource);
    const reference = `Patient/${patient.id}`;
    expect(stored.subject.reference).toBe(reference);
    expect(stored.content[0].attachment.url).toBe(reference);
    expect(stored.text.div).toContain(`href="${reference}"`);
    expect(stored.identifier[0].value).toBe(uuid);
    expect(done.body.entry[1].response).toMatchObject({ location: `${reference}/_history/1`, etag: 'W/"1"' });
  });

  test('one invalid entry changes nothing and is named, with all that are wrong', async () => {
    const good = post(observation('p', { identifier: [{ system: 'urn:all', value: 'none' }] }));
    const bad = post({ ...observation('p'), status: 'nonsense' } as { resourceType: string });
    const refused = await it.ask('POST', '', bundle('transaction', [good, good, good, bad, bad]));
    expect([400, 422]).toContain(refused.status);
    const expressions = refused.body.issue.map((issue: { expression: string[] }) => issue.expression[0]);
    expect(expressions).toEqual(
      expect.arrayContaining(['Bundle.entry[3].resource.status', 'Bundle.entry[4].resource.status']),
    );
    expect(await count('Observation?identifier=urn:all|none')).toBe(0);
  });

  test('a dangling reference is located in its entry', async () => {
    const refused = await it.ask(
      'POST',
      '',
      bundle('transaction', [post(observation('p')), post(observation('nobody'))]),
    );
    expect([refused.status, refused.body.issue[0].expression]).toEqual([422, ['Bundle.entry[1].resource.subject']]);
  });

  test('deletes, creates, updates and reads happen in this order, answers keep the order of the entries', async () => {
    await it.ask('PUT', 'Patient/gone', { resourceType: 'Patient', id: 'gone' });
    const done = await it.ask(
      'POST',
      '',
      bundle('transaction', [
        { request: { method: 'GET', url: 'Patient/put' } },
        { resource: { resourceType: 'Patient', id: 'put' }, request: { method: 'PUT', url: 'Patient/put' } },
        post({ resourceType: 'Patient' }),
        { request: { method: 'DELETE', url: 'Patient/gone' } },
        { request: { method: 'GET', url: 'Patient/gone' } },
      ]),
    );
    expect(statuses(done.body)).toEqual(['200', '201', '201', '204', '410']);
    expect(done.body.entry[0].resource.id).toBe('put');
    expect(done.body.entry[4].response.outcome.issue[0].code).toBe('deleted');
  });

  test('conditional creates, references and If-Match hold within the transaction', async () => {
    const one = { resourceType: 'Patient', identifier: [{ system: 'urn:t', value: '1' }] };
    const conditional = post(one, {
      fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:t|1' },
    });
    const linked = post({
      ...observation('x'),
      subject: { reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' },
    } as { resourceType: string });
    expect(statuses((await it.ask('POST', '', bundle('transaction', [conditional, linked]))).body)).toEqual([
      '201',
      '201',
    ]);
    expect(
      statuses((await it.ask('POST', '', bundle('transaction', [conditional, linked], { id: 'again' }))).body),
    ).toEqual(['200', '201']);
    const byCriteria = post({ ...observation('x'), subject: { reference: 'Patient?identifier=urn:t|1' } } as {
      resourceType: string;
    });
    const shown = await it.ask('POST', '', bundle('transaction', [byCriteria]), {
      headers: { prefer: 'return=representation' },
    });
    expect(shown.body.entry[0].resource.subject.reference).toMatch(/^Patient\/[0-9a-f-]{36}$/);
    const missing = post({ ...observation('x'), subject: { reference: 'Patient?identifier=urn:t|2' } } as {
      resourceType: string;
    });
    expect((await it.ask('POST', '', bundle('transaction', [missing]))).body.issue[0].expression).toEqual([
      'Bundle.entry[0].resource.subject',
    ]);
    const stale = {
      resource: { resourceType: 'Patient', id: 'p' },
      request: { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"9"' },
    };
    expect((await it.ask('POST', '', bundle('transaction', [post(one), stale]))).status).toBe(412);
  });

  test('two entries on one resource, too many entries and other Bundles are refused', async () => {
    const put = { resource: { resourceType: 'Patient', id: 'd' }, request: { method: 'PUT', url: 'Patient/d' } };
    const twice = await it.ask('POST', '', bundle('transaction', [put, put]));
    expect([twice.status, twice.body.issue[0].expression]).toEqual([400, ['Bundle.entry[1].request.url']]);
    const many = Array.from({ length: 501 }, () => post({ resourceType: 'Patient' }));
    const large = await it.ask('POST', '', bundle('transaction', many));
    expect(large.status).toBe(413);
    expect(large.body.issue[0].diagnostics).toContain('500');
    expect((await it.ask('POST', '', bundle('collection', []))).status).toBe(400);
    expect(
      (
        await it.ask(
          'POST',
          '',
          bundle('transaction', [{ resource: {}, request: { method: 'PUT', url: 'Patient/1' } }]),
        )
      ).body.issue[0].expression,
    ).toEqual(['Bundle.entry[0].resource']);
  });
});

describe('batch', () => {
  test('each entry stands for itself', async () => {
    const done = await it.ask(
      'POST',
      '',
      bundle('batch', [
        post(observation('p')),
        post(observation('nobody')),
        { request: { method: 'GET', url: 'Patient/p' } },
        { request: { method: 'GET', url: 'Observation?subject=Patient/p&_summary=count' } },
        { request: { method: 'GET', url: 'Patient?bogus=1' } },
      ]),
    );
    expect(statuses(done.body)).toEqual(['201', '422', '200', '200', '400']);
    expect(done.body.entry[1].response.outcome.issue[0].expression).toEqual(['Bundle.entry[1].resource.subject']);
    expect(done.body.entry[3].resource.type).toBe('searchset');
  });
});

describe('retries', () => {
  test('a Bundle of creates sent again creates nothing and gives the first answer', async () => {
    for (const type of ['transaction', 'batch']) {
      const code = { coding: [{ system: 'urn:retry', code: type }] };
      const sent = bundle(type, [
        post(observation('p', { code })),
        post(observation('p', { code, status: 'amended' })),
      ]);
      const first = await it.ask('POST', '', sent);
      const again = await it.ask('POST', '', sent);
      expect(again.body.entry).toEqual(first.body.entry);
      expect(await count(`Observation?code=urn:retry|${type}`)).toBe(2);
      const other = await it.ask('POST', '', sent, { client: 'another' });
      expect(other.body.entry).not.toEqual(first.body.entry);
    }
  });

  test('a Bundle that creates and updates creates nothing when it comes again, also with a search in it', async () => {
    const device = (text: string) => ({
      resource: { resourceType: 'Device', id: 'hub', lotNumber: text },
      request: { method: 'PUT', url: 'Device/hub' },
    });
    for (const type of ['transaction', 'batch']) {
      const code = { coding: [{ system: 'urn:retry', code: `mixed-${type}` }] };
      const search = { request: { method: 'GET', url: `Observation?code=urn:retry|mixed-${type}` } };
      const made = () => count(`Observation?code=urn:retry|mixed-${type}`);
      const sent = (text: string) => bundle(type, [post(observation('p', { code })), device(text), search]);
      const first = await it.ask('POST', '', sent('1'));
      const again = await it.ask('POST', '', sent('1'));
      expect(statuses(again.body)).toEqual([statuses(first.body)[0], '200', '200']);
      expect(again.body.entry[0].response.location).toBe(first.body.entry[0].response.location);
      expect(await made()).toBe(1);
      await it.ask('POST', '', sent('2'));
      expect(await made()).toBe(2);
      // What was changed since is put back: no retry wants that, so a transaction is applied as a whole.
      const back = await it.ask('POST', '', sent('1'));
      expect((await it.ask('GET', 'Device/hub')).body.lotNumber).toBe('1');
      const made3 = type === 'transaction' ? 3 : 2;
      expect(await made()).toBe(made3);
      const repeated = await it.ask('POST', '', sent('1'));
      expect(repeated.body.entry[0].response.location).toBe(back.body.entry[0].response.location);
      expect(await made()).toBe(made3);
    }
  });

  test('concurrent retries are one', async () => {
    const code = { coding: [{ system: 'urn:retry', code: 'concurrent' }] };
    const sent = bundle('transaction', [post(observation('p', { code }))]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => it.ask('POST', '', sent)));
    expect(new Set(answers.map(({ body }) => body.entry[0].response.location)).size).toBe(1);
  });

  test('what was deleted since is created afresh, once', async () => {
    const code = { coding: [{ system: 'urn:retry', code: 'deleted' }] };
    const sent = bundle('transaction', [post(observation('p', { code }))]);
    const first = (await it.ask('POST', '', sent)).body.entry[0].response.location;
    await it.ask('DELETE', first.replace(/\/_history.*/, ''));
    const second = (await it.ask('POST', '', sent)).body.entry[0].response.location;
    expect(second).not.toBe(first);
    expect((await it.ask('POST', '', sent)).body.entry[0].response.location).toBe(second);
  });

  test('an Idempotency-Key and a Bundle.identifier are good for one content', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await it.ask('POST', 'Patient', { resourceType: 'Patient', active: true }, { headers });
    const again = await it.ask('POST', 'Patient', { resourceType: 'Patient', active: true }, { headers });
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect((await it.ask('POST', 'Patient', { resourceType: 'Patient', active: false }, { headers })).status).toBe(422);
    const put = { resource: { resourceType: 'Patient', id: 'idem' }, request: { method: 'PUT', url: 'Patient/idem' } };
    const sent = bundle('transaction', [put], { identifier: { system: 'urn:b', value: '1' } });
    expect(statuses((await it.ask('POST', '', sent)).body)).toHaveLength(1);
    await it.ask('PUT', 'Patient/idem', { resourceType: 'Patient', id: 'idem', active: true });
    await it.ask('POST', '', sent);
    expect((await it.ask('GET', 'Patient/idem')).body.active).toBe(true);
  });
});
