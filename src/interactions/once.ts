import { createHash } from 'node:crypto';
import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, listOf } from '../fhir/resource.ts';
import type { StoredVersion, Written } from '../store/store.ts';
import { commitPlan, type Plan } from './commit.ts';
import type { Call } from './context.ts';

const REMEMBERED_MS = 86_400_000;

/** What a receipt remembers of one answer: the resource, and the status it was answered with. */
export interface ReceiptEntry {
  readonly type: string;
  readonly id: string;
  readonly status: 200 | 201 | 204;
}
export interface PlanOnce extends Plan {
  /** One for each part of the answer; null where a part is computed anew (searches, reads). */
  readonly receiptEntries: readonly (ReceiptEntry | null)[];
}
export type Once<P> =
  | { readonly kind: 'committed'; readonly plan: P; readonly written: readonly Written[] }
  /** The first answer again: its entries, with the versions they named (null for deletions and computed parts). */
  | {
      readonly kind: 'replayed';
      readonly entries: readonly (ReceiptEntry | null)[];
      readonly versions: readonly (StoredVersion | null)[];
    };

/** A key of a Bundle. One made of its content cannot tell a retry from the wish to put back what was changed since. */
export interface BundleKey {
  readonly key: string;
  readonly ofContent: boolean;
}

/** A key under which a request happens once: of one client, over the parts given. */
export const onceKey = (call: Call, ...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256').update(call.caller.permit.agent.client);
  for (const part of parts) hash.update('\n').update(part);
  return hash.digest('base64url');
};

/**
 * Commits a plan once within 24 hours for a key; a retry gets the first answer. Where a resource of that answer has been
 * deleted since, or one at the indexes `unchanged` changed, the retry is a new request. Throws Problem `business-rule`
 * where the key was used for another body.
 */
export async function commitOnce<P extends PlanOnce>(
  call: Call,
  key: string | undefined,
  plan: () => Promise<P>,
  unchanged: readonly number[] = [],
): Promise<Once<P>> {
  const digest =
    key === undefined
      ? ''
      : createHash('sha256')
          .update(call.request.body ?? '')
          .digest('base64url');
  for (let current = key; ; ) {
    const { plan: done, result } = await commitPlan(call, async () => withReceipt(call, await plan(), current, digest));
    if (result.kind === 'committed') return { kind: 'committed', plan: done, written: result.written };
    const entries = entriesOf(result.answer, digest);
    const versions = await versionsOf(call, entries, unchanged);
    if (versions !== undefined) return { kind: 'replayed', entries, versions };
    current = onceKey(call, current ?? '', result.answer);
  }
}

function withReceipt<P extends PlanOnce>(call: Call, plan: P, key: string | undefined, digest: string): P {
  if (key === undefined || plan.changes.length === 0) return plan;
  const entries = plan.receiptEntries.map((entry) => entry && [entry.type, entry.id, entry.status]);
  const answer = Buffer.from(JSON.stringify({ digest, entries }));
  return { ...plan, receipt: { key, answer, expires: call.world.now() + REMEMBERED_MS } };
}

function entriesOf(answer: Buffer, digest: string): readonly (ReceiptEntry | null)[] {
  const stored = parseJson(answer);
  if (!isObject(stored) || stored['digest'] !== digest) {
    throw new Problem('business-rule', 'This idempotency key was used for another request in the last 24 hours');
  }
  return listOf(stored['entries']).map(entryOf);
}

function entryOf(entry: Json): ReceiptEntry | null {
  if (!Array.isArray(entry)) return null;
  const [type, id, status] = entry;
  if (typeof type !== 'string' || typeof id !== 'string') return null;
  return { type, id, status: status === 201 || status === 204 ? status : 200 };
}

/** The versions that the first answer named; undefined where one of the resources is gone, or one of `unchanged` changed. */
async function versionsOf(
  call: Call,
  entries: readonly (ReceiptEntry | null)[],
  unchanged: readonly number[],
): Promise<readonly (StoredVersion | null)[] | undefined> {
  const kept = entries.filter((entry) => entry !== null && entry.status !== 204) as readonly ReceiptEntry[];
  const current = await call.world.store.readMany(kept);
  if (current.some((version) => version === undefined || version.deleted)) return undefined;
  const byKey = new Map(current.flatMap((v) => (v === undefined ? [] : [[`${v.type}/${v.id}`, v] as const])));
  const versions = await Promise.all(
    entries.map(async (entry) => {
      const version = entry === null || entry.status === 204 ? undefined : byKey.get(`${entry.type}/${entry.id}`);
      if (entry?.status !== 201 || version === undefined || version.version === 1) return version ?? null;
      return (await call.world.store.vread(entry, 1)) ?? version;
    }),
  );
  // What was created then is of the first answer's own transaction.
  const made = versions.flatMap((version, n) => (entries[n]?.status === 201 && version ? version.transaction : []));
  const since = (n: number): boolean => {
    const entry = entries[n];
    const version = entry ? byKey.get(`${entry.type}/${entry.id}`) : undefined;
    return version === undefined || version.transaction > Math.max(...made);
  };
  return unchanged.some(since) ? undefined : versions;
}
