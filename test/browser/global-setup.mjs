// Before the tests in a browser: one must be there, or is installed.
import { importBundled } from '../../scripts/bundled.mjs';

export default async function setUp() {
  const { installChromium, locateChromium } = await importBundled('test/browser/chromium.ts');
  const found = await locateChromium();
  if (found.kind === 'none') throw new Error(`no Chromium: ${found.reason}`);
  process.env.TEST_CHROMIUM = found.kind === 'binary' ? found.path : await installChromium();
}
