import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browsing, browsing, screenshot } from './browsing.ts';

let it: Browsing;
beforeAll(async () => {
  it = await browsing();
});
afterAll(() => it.stop());

// Swagger UI reads a long document: on a busy machine that takes a while.
const TEST_MS = 90_000;

test(
  'a visitor authorises with a token in the documentation and runs a request, and nothing leaves this server',
  async () => {
    const { page, asked, complaints } = await it.open();
    const token = await it.server.token('system/*.cruds');
    const made = await fetch(`${it.base}/Patient`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Patient', name: [{ family: 'Shown' }] }),
    });
    const { id } = (await made.json()) as { id: string };

    await page.goto(`${it.server.origin}/docs`);
    await page.locator('.opblock-tag-section').first().waitFor();
    expect(await page.locator('#operations-tag-Patient').count()).toBe(1);
    await screenshot(page, 'docs');

    await page.locator('#operations-tag-Patient').click();
    const operation = page.locator('#operations-Patient-read-Patient-id-GET');
    await operation.locator('.opblock-summary-control').click();
    const run = async () => {
      await operation.getByPlaceholder('id', { exact: true }).fill(id);
      await operation.getByRole('button', { name: 'Execute' }).click();
      const status = operation.locator('.live-responses-table .response-col_status').last();
      await status.waitFor();
      return (await status.textContent())?.trim();
    };
    expect(await run()).toMatch(/^401/);

    await page.locator('.btn.authorize').click();
    await page.locator('.auth-container input').fill(token);
    await page.locator('.auth-btn-wrapper .authorize').click();
    await page.locator('.auth-btn-wrapper .btn-done').click();
    await operation.getByRole('button', { name: 'Clear' }).click();
    expect(await run()).toMatch(/^200/);
    expect(await operation.locator('.live-responses-table').textContent()).toContain('Shown');
    await screenshot(page, 'docs-answer');

    await page.locator('#type').selectOption('Observation');
    await page.locator('#operations-tag-Observation').waitFor();
    expect(page.url()).toBe(`${it.server.origin}/docs?type=Observation`);

    expect(asked.filter((url) => !url.startsWith(it.server.origin) && !url.startsWith('data:'))).toEqual([]);
    // The browser itself tells of the 401.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  },
  TEST_MS,
);
