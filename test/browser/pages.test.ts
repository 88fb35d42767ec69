import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client } from '../http/client.ts';
import { type Browsing, browsing, screenshot } from './browsing.ts';

let it: Browsing;
let c: Client;
const narrative =
  '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Ms. Ader</h2><table><tr><td>Born</td><td>1980</td></tr></table></div>';
beforeAll(async () => {
  it = await browsing();
  c = await client(it.server);
  const put = async (path: string, body: object) => {
    const headers = { ...c.authorised(), 'content-type': 'application/fhir+json' };
    const answer = await fetch(`${it.base}/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  await put('Patient/p', {
    resourceType: 'Patient',
    id: 'p',
    meta: { tag: [{ system: 'urn:novamind:tag', code: 'demo' }] },
    text: { status: 'generated', div: narrative },
    name: [{ given: ['Ann'], family: 'Ader <b>' }],
    birthDate: '1980-04-01',
  });
  for (const day of [1, 2, 3, 4, 5]) {
    await put(`Observation/o${day}`, {
      resourceType: 'Observation',
      id: `o${day}`,
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
      subject: { reference: 'Patient/p' },
      effectiveDateTime: `2026-01-0${day}T08:00:00Z`,
      valueQuantity: { value: 60 + day, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    });
  }
  await put('Observation/o1', {
    resourceType: 'Observation',
    id: 'o1',
    status: 'amended',
    code: { text: 'Heart rate, corrected' },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-01-01T08:00:00Z',
  });
  await fetch(`${it.base}/Observation/o1`, { method: 'DELETE', headers: c.authorised() });
});
afterAll(() => it.stop());

describe('in a browser with a token', () => {
  test('a search is a table that pages, links to its resources, and from there to what they refer to', async () => {
    const { page, asked, complaints } = await it.open(c.token);
    await page.goto(`${it.base}/Observation?_sort=date&_count=3&_total=accurate`);
    await screenshot(page, 'search');
    expect(await page.title()).toBe('Search results');
    const rows = page.locator('table.entries tbody tr');
    expect(await rows.count()).toBe(3);
    expect((await rows.first().locator('td').allTextContents()).slice(0, 3)).toEqual([
      'Observation/o2',
      'Heart rate · 62 /min',
      '2026-01-02T08:00:00Z',
    ]);
    expect(await page.locator('main').textContent()).toContain('4 in all');
    await page.getByRole('link', { name: 'Next page' }).first().click();
    expect(await rows.count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Next page' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Previous page' }).first().click();
    expect(await rows.count()).toBe(3);
    await page.getByRole('link', { name: 'Observation/o2', exact: true }).click();
    expect(await page.locator('h1').textContent()).toBe('Observation/o2');
    await screenshot(page, 'observation');
    await page.locator('pre a', { hasText: 'Patient/p' }).click();
    expect(await page.locator('h1').textContent()).toBe('Patient/p');
    expect(await page.locator('.narrative td').first().textContent()).toBe('Born');
    await screenshot(page, 'patient');
    expect(asked.filter((url) => !url.startsWith(it.server.origin))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a history shows each version and the deletion', async () => {
    const { page, complaints } = await it.open(c.token);
    await page.goto(`${it.base}/Observation/o1/_history`);
    await screenshot(page, 'history');
    const rows = page.locator('table.entries tbody tr');
    expect(await rows.allTextContents()).toEqual([
      expect.stringContaining('DELETE'),
      expect.stringContaining('version 2'),
      expect.stringContaining('version 1'),
    ]);
    await rows.nth(2).getByRole('link').click();
    expect(page.url()).toBe(`${it.base}/Observation/o1/_history/1`);
    expect(complaints).toEqual([]);
  });

  test('an error says what was wrong and where', async () => {
    const { page } = await it.open(c.token);
    const answer = await page.goto(`${it.base}/Observation?colour=red`);
    await screenshot(page, 'error');
    expect(answer?.status()).toBe(400);
    expect(await page.locator('h1').textContent()).toBe('400 Bad Request');
    expect(await page.locator('table.entries tbody').textContent()).toContain('colour');
  });

  test('the capability statement can be read', async () => {
    const { page, complaints } = await it.open();
    await page.goto(`${it.base}/metadata`);
    await screenshot(page, 'metadata');
    expect(await page.locator('table.entries tbody tr').count()).toBe(146);
    expect(complaints).toEqual([]);
  });
});

describe('in a browser without a token', () => {
  test('a resource is refused with a page that says how to read it', async () => {
    const { page } = await it.open();
    const answer = await page.goto(`${it.base}/Patient/p`);
    await screenshot(page, 'unauthorised');
    expect(answer?.status()).toBe(401);
    expect(await page.locator('main').textContent()).toContain('npm run --silent token');
    expect(await page.locator('body').textContent()).not.toContain('Ader');
    await page.getByRole('link', { name: 'the API documentation' }).click();
    expect(page.url()).toBe(`${it.server.origin}/docs`);
  });

  test('the front page leads to what the demo made, by signed links', async () => {
    const { page, complaints } = await it.open();
    await page.goto(`${it.server.origin}/`);
    await screenshot(page, 'front');
    await page.getByRole('link', { name: 'Demo patient' }).click();
    expect(await page.locator('h1').textContent()).toBe('Patient/p');
    expect(await page.locator('.narrative h2').textContent()).toBe('Ms. Ader');
    expect(complaints).toEqual([]);
  });
});
