import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { onceKey } from '../once.ts';
import { preferences } from '../preferences.ts';
import { dispatchEntry } from './dispatch-entry.ts';
import type { BundleEntry } from './entries.ts';
import { type EntryOutcome, responseBundle } from './response.ts';

/** DELETE, POST, PUT and PATCH, then reads (http.html#trules). Entries of one phase share the store's group commit. */
const PHASES: readonly (readonly string[])[] = [['DELETE'], ['POST'], ['PUT', 'PATCH'], ['GET', 'HEAD']];
const AT_ONCE = 200;

/** Every entry on its own, each with its own outcome (http.html#batch). */
export async function batch(call: Call, entries: readonly BundleEntry[], key: string | undefined): Promise<Answer> {
  const preferred = preferences(call.request, 'minimal');
  const outcomes: EntryOutcome[] = [];
  for (const methods of PHASES) {
    const phase = entries.filter(({ method }) => methods.includes(method));
    for (let start = 0; start < phase.length; start += AT_ONCE) {
      const together = phase.slice(start, start + AT_ONCE);
      await Promise.all(
        together.map(async (entry) => {
          const inherited = {
            prefer: `return=${preferred.return}, handling=${preferred.handling}`,
            ...(key !== undefined &&
              entry.method === 'POST' && { 'idempotency-key': onceKey(call, key, String(entry.index)) }),
          };
          outcomes[entry.index] = await dispatchEntry(call, entry, inherited);
        }),
      );
    }
  }
  return responseBundle(call, 'batch-response', outcomes);
}
