import { operationOutcome, Problem } from '../../fhir/problem.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { onceKey } from '../once.ts';
import { preferences } from '../preferences.ts';
import { dispatchEntry } from './dispatch-entry.ts';
import type { BundleEntry } from './entries.ts';
import { referenceTo } from './resolve-references.ts';
import { type EntryOutcome, responseBundle } from './response.ts';

/** DELETE, POST, PUT and PATCH, then reads (http.html#trules). Entries of one phase share the store's group commit. */
const PHASES: readonly (readonly string[])[] = [['DELETE'], ['POST'], ['PUT', 'PATCH'], ['GET', 'HEAD']];
const AT_ONCE = 200;

/** Every entry on its own, each with its own outcome (http.html#batch). */
export async function batch(
  call: Call,
  entries: readonly BundleEntry[],
  key: string | undefined,
  refused: ReadonlyMap<number, Problem>,
): Promise<Answer> {
  const preferred = preferences(call.request, 'minimal');
  const outcomes: EntryOutcome[] = [];
  const dependent = refusedAsDependent(entries);
  for (const [index, outcome] of dependent) outcomes[index] = outcome;
  for (const [index, problem] of refused) outcomes[index] = failed(problem);
  for (const methods of PHASES) {
    const phase = entries.filter(
      ({ method, index }) => methods.includes(method) && !dependent.has(index) && !refused.has(index),
    );
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

/** Entries that refer to what another one creates: in a batch that is non-conformant (http.html#brules), and would be stored as it is. */
function refusedAsDependent(entries: readonly BundleEntry[]): ReadonlyMap<number, EntryOutcome> {
  const created = new Set(
    entries.flatMap(({ method, fullUrl }) => (method === 'POST' && fullUrl !== undefined ? [fullUrl] : [])),
  );
  const refused = new Map<number, EntryOutcome>();
  if (created.size === 0) return refused;
  for (const { index, expression, resource } of entries) {
    const found = resource && referenceTo(resource, created);
    if (found === undefined) continue;
    const problem = new Problem(
      'invalid',
      `${found.text} is created by another entry: that needs a transaction, the entries of a batch are on their own`,
      { expression: [`${expression}.resource${found.path}`] },
    );
    refused.set(index, failed(problem));
  }
  return refused;
}

const failed = ({ status, issues }: Problem): EntryOutcome => ({ status, outcome: operationOutcome(issues) });
