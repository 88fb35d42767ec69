import type { ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Change, Expectation, Guard, Receipt, Refusal, Written } from '../store/store.ts';
import type { Call, World } from './context.ts';
import { type Drafted, makeDraft } from './draft.ts';
import { requireVisibleTargets } from './hidden-targets.ts';
import { localReferences } from './local-references.ts';
import { refused } from './refusal.ts';
import { writeRecords } from './write-records.ts';

/** One change of a write, before it is committed. */
export type Planned = (
  | { readonly kind: 'put'; readonly method: 'POST' | 'PUT' | 'PATCH'; readonly drafted: Drafted }
  | { readonly kind: 'delete'; readonly key: ResourceKey; readonly patient: string | null }
) & {
  readonly expect: Expectation;
  /** True where the expectation is ours, not the client's: when it fails, plan again. */
  readonly again?: boolean;
  /** Where the change is in a Bundle: `Bundle.entry[3].resource`. */
  readonly within?: string;
};
export interface Plan {
  readonly changes: readonly Planned[];
  readonly guards?: readonly Guard[];
  readonly receipt?: Receipt;
}
export type Committed =
  | { readonly kind: 'committed'; readonly written: readonly Written[] }
  | { readonly kind: 'replayed'; readonly answer: Buffer };

const ATTEMPTS = 20;

/** What an attempt came to; `lost` where another writer was faster and planning again may help. */
type Attempt<P> = { readonly kind: 'done'; readonly plan: P; readonly result: Committed } | { readonly kind: 'lost' };

/**
 * The one way anything is written. Plans, commits, and plans again where another writer was faster; `plan` reads what it
 * needs each time. `written` has one item for each change of the plan that succeeded, in order.
 */
export async function commitPlan<P extends Plan>(
  call: Call,
  plan: () => Promise<P>,
): Promise<{ plan: P; result: Committed }> {
  const first = await attempt(call, plan);
  return first.kind === 'done' ? first : inTurn(call.world, () => attempts(call, plan));
}

async function attempts<P extends Plan>(call: Call, plan: () => Promise<P>): Promise<{ plan: P; result: Committed }> {
  for (let n = 1; n < ATTEMPTS; n++) {
    const next = await attempt(call, plan);
    if (next.kind === 'done') return next;
  }
  throw new Problem('conflict', 'Other writers kept changing what this write depends on; try again');
}

const TURNS = new WeakMap<World, Promise<unknown>>();

/** Whoever lost a race tries again one after another: side by side they would make each other lose. */
async function inTurn<T>(world: World, work: () => Promise<T>): Promise<T> {
  const before = TURNS.get(world) ?? Promise.resolve();
  const own = before.then(work);
  // The next in turn waits for this one, however it ends; its failure is for its own caller.
  TURNS.set(world, Promise.allSettled([own]));
  return own;
}

async function attempt<P extends Plan>(call: Call, plan: () => Promise<P>): Promise<Attempt<P>> {
  const planned = await plan();
  const { changes, guards, receipt } = planned;
  if (changes.length === 0 && receipt === undefined)
    return { kind: 'done', plan: planned, result: { kind: 'committed', written: [] } };
  const stated = requirements(call, changes);
  await requireVisibleTargets(call, changes, stated.keys, stated.expressions);
  const added = await reactions(call, changes);
  const all = [...changes, ...added];
  const { keys, expressions } = added.length === 0 ? stated : requirements(call, all);
  const outcome = await call.world.store.commit({
    changes: all.map(changeOf),
    audit: writeRecords(call, all),
    ...(guards !== undefined && guards.length > 0 && { guards }),
    ...(keys.length > 0 && { requires: keys }),
    ...(receipt !== undefined && { receipt }),
  });
  if (outcome.kind === 'replayed') return { kind: 'done', plan: planned, result: outcome };
  if (outcome.kind === 'committed') {
    // Whoever hears that a parameter was stored may search by it, or learn that it is not indexed yet.
    if (all.some(isSearchParameter)) await call.world.customSearch?.refresh();
    const written = outcome.versions.slice(0, changes.length);
    return { kind: 'done', plan: planned, result: { kind: 'committed', written } };
  }
  if (mayRetry(outcome.because, all)) return { kind: 'lost' };
  throw refused(outcome.because, all, expressions);
}

const isSearchParameter = (planned: Planned): boolean =>
  (planned.kind === 'put' ? planned.drafted.draft.type : planned.key.type) === 'SearchParameter';

const mayRetry = (because: Refusal, changes: readonly Planned[]): boolean =>
  because.kind === 'guard' || (because.kind === 'expectation' && changes[because.change]?.again === true);

const changeOf = (planned: Planned): Change =>
  planned.kind === 'put'
    ? { kind: 'put', method: planned.method, draft: planned.drafted.draft, expect: planned.expect }
    : { kind: 'delete', key: planned.key, expect: planned.expect };

/**
 * What the rules add because of what is written; it belongs to the same commit. What a rule made before is left as it is:
 * somebody may have acted on it, and a trigger that is written again must not open it again.
 */
async function reactions(call: Call, changes: readonly Planned[]): Promise<readonly Planned[]> {
  const written = changes.flatMap((change) => (change.kind === 'put' ? [change.drafted.resource] : []));
  if (written.length === 0) return [];
  const added = (await call.world.react(written)).map((resource) => draftOf(call, resource));
  if (added.length === 0) return [];
  const current = await call.world.store.readMany(added.map(({ draft: { type, id } }) => ({ type, id })));
  return added
    .filter((_, i) => current[i] === undefined || current[i].deleted)
    .map((drafted) => ({ kind: 'put', method: 'PUT', drafted, expect: { kind: 'absent' }, again: true }));
}

function draftOf(call: Call, resource: Resource): Drafted {
  try {
    return makeDraft(call.world, resource, resource.id ?? call.world.newId());
  } catch (cause) {
    throw new Problem('unexpected', `A rule made a ${resource.resourceType} that is not valid`, { cause });
  }
}

/** The local references that must hold once the changes are applied, each with the element that states it first. */
function requirements(call: Call, changes: readonly Planned[]) {
  const expressions = new Map<string, string>();
  const keys: ResourceKey[] = [];
  if (!call.world.referentialIntegrity) return { keys, expressions };
  const own = new Set(
    changes.flatMap((c) => (c.kind === 'put' ? [`${c.drafted.draft.type}/${c.drafted.draft.id}`] : [])),
  );
  for (const change of changes) {
    if (change.kind !== 'put') continue;
    for (const { type, id, expression } of localReferences(change.drafted.resource, call.world.base)) {
      const key = `${type}/${id}`;
      if (own.has(key) || expressions.has(key)) continue;
      const { within } = change;
      expressions.set(key, within === undefined ? expression : expression.replace(/^[A-Za-z]+/, within));
      keys.push({ type, id });
    }
  }
  return { keys, expressions };
}
