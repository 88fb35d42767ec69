import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
let event: string;
const get = (url: string, headers: Readonly<Record<string, string>> = {}) => it.ask('GET', url, undefined, { headers });
beforeAll(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a' });
  for (let n = 0; n < 3; n += 1) await get('Patient/a');
  event = (await get('AuditEvent?entity=Patient/a&_count=1')).body.entry[0].resource.id;
});
afterAll(() => it.stop());

test('an AuditEvent is cut by _summary and _elements, and need not be sent again', async () => {
  const cut = (await get(`AuditEvent/${event}?_elements=outcome`)).body;
  expect(cut.entity).toBeUndefined();
  expect(cut.meta.tag).toContainEqual(expect.objectContaining({ code: 'SUBSETTED' }));
  expect((await get(`AuditEvent/${event}`, { 'if-none-match': 'W/"1"' })).status).toBe(304);
  expect((await get(`AuditEvent/${event}?_summary=count`)).status).toBe(400);
});

test('a page of AuditEvents tells the total where it is asked for', async () => {
  // A search is an access too: each adds a record, but of nothing that these find.
  const query = 'AuditEvent?entity=Patient/a&action=R&_count=2';
  const { body } = await get(`${query}&_total=accurate`);
  expect([body.total, body.entry.length]).toEqual([3, 2]);
  expect((await get(query)).body.total).toBeUndefined();
});

test('AuditEvents are found by _type too', async () => {
  for (const url of ['?_type=AuditEvent&entity=Patient/a&action=R', 'Patient/a/*?_type=AuditEvent&action=R']) {
    const { body } = await get(`${url}&_summary=count`);
    expect([url, body.total]).toEqual([url, 3]);
  }
});

test.each([
  ['Patient?_revinclude=AuditEvent:entity', '_revinclude'],
  ['Patient?_has:AuditEvent:patient:action=R', '_has'],
  ['?_type=AuditEvent,Patient&_lastUpdated=gt2000', '_type'],
])('what would tell of a part of the log is refused: %s', async (path, parameter) => {
  const { status, body } = await it.ask('GET', path);
  expect(status).toBe(400);
  expect(body.issue[0]).toMatchObject({ code: 'not-supported', expression: [parameter] });
});

test('what is not answered with AuditEvents is refused by name', async () => {
  for (const [name, value] of [
    ['_include', 'AuditEvent:entity'],
    ['_revinclude', 'Provenance:target'],
    ['__explain', 'true'],
  ]) {
    const { status, body } = await get(`AuditEvent?${name}=${value}`);
    expect([status, body.issue[0].diagnostics]).toEqual([400, expect.stringContaining(`'${name}'`)]);
  }
});
