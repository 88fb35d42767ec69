/** Last words of a run: what passed and failed, and on which MongoDB and in which browser, or that there was none. */
export default class ClosingLine {
  #found;

  constructor(_global, { found }) {
    this.#found = found;
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests }) {
    for (const line of this.#found) console.info(line);
    console.info(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  }
}
