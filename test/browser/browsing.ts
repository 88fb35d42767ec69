import { createServer } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type Serving, serving } from '../http/serving.ts';

/** Nothing that a browser does of itself: no updates, no first-run pages, no QUIC. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long a page may take to do what a test waits for; shorter than a test may take, so that the step that failed is named. */
const PATIENCE_MS = 20_000;

/** A server under its own address and a browser with a fresh profile. */
export interface Browsing {
  readonly server: Serving;
  readonly base: string;
  /** A tab without cookies or storage; `token` goes along with every request, as an extension would send it. */
  open(token?: string): Promise<Tab>;
  stop(): Promise<void>;
}
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every address asked for. */
  readonly asked: string[];
  /** What the page complained of: errors, and what the content security policy kept it from. */
  readonly complaints: string[];
}

export async function browsing(): Promise<Browsing> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await serving({ BASE_URL: origin }, port);
  const browser: Browser = await chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: FLAGS,
  });
  return {
    server,
    base: `${origin}/fhir`,
    async open(token) {
      const context = await browser.newContext({
        viewport: { width: 1100, height: 800 },
        ...(token !== undefined && { extraHTTPHeaders: { authorization: `Bearer ${token}` } }),
      });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      return { page, context, asked, complaints };
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** PNG of the whole tab into $SCREENSHOTS, for those who want to look; nothing where that is not set. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name !== 'docs' });
}
