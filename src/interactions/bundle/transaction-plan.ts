import { Problem } from '../../fhir/problem.ts';
import type { Planned } from '../commit.ts';
import type { Call } from '../context.ts';
import { nothingToMatch, planDelete, planNamedDelete } from '../delete.ts';
import { ifMatch } from '../etag.ts';
import type { PlanOnce, ReceiptEntry } from '../once.ts';
import { planPatch } from '../patch.ts';
import { patchOf } from '../patch-formats.ts';
import { planCreate } from '../plan-create.ts';
import { planUpdate } from '../plan-update.ts';
import { draftSatisfies } from '../satisfied.ts';
import { preconditionOf } from '../update.ts';
import { type Assigned, assign, refuseDuplicates } from './assign.ts';
import { type BundleEntry, entryRequest } from './entries.ts';
import { resolveReferences, type Targets } from './resolve-references.ts';
import { targetsOf } from './targets.ts';

export interface TransactionPlan extends PlanOnce {
  /** For each change, the index of its entry. */
  readonly entryOf: readonly number[];
  readonly assigned: readonly Assigned[];
}

/** DELETE, POST, PUT, PATCH (http.html#trules); reads come after the commit. */
const ORDER = ['DELETE', 'POST', 'PUT', 'PATCH'] as const;

/**
 * Plans the writes of a transaction. Every entry is looked at before anything is refused, so that the Problem names all
 * that is wrong, each at `Bundle.entry[n]`.
 */
export async function planTransaction(
  call: Call,
  entries: readonly BundleEntry[],
  newIds: readonly string[],
): Promise<TransactionPlan> {
  const assigned = await assign(
    call,
    entries.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    newIds,
  );
  refuseDuplicates(assigned);
  const targets = await targetsOf(call, assigned);
  const changes: Planned[] = [];
  const entryOf: number[] = [];
  const problems: Problem[] = [];
  for (const method of ORDER) {
    for (const target of assigned) {
      if (target.entry.method !== method) continue;
      try {
        for (const change of await changesOf(call, target, targets)) {
          changes.push({ ...change, within: `${target.entry.expression}.resource` });
          entryOf.push(target.entry.index);
        }
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        problems.push(error.within(`${target.entry.expression}.resource`));
      }
    }
  }
  refuseAll(problems);
  refuseCreatedMatches(call, assigned, changes);
  const guards = assigned.flatMap(({ matched }) => (matched ? [matched.guard] : []));
  return { changes, entryOf, assigned, guards, receiptEntries: receiptEntries(entries, assigned) };
}

async function changesOf(
  call: Call,
  { entry, type, id, matched }: Assigned,
  targets: Targets,
): Promise<readonly Planned[]> {
  const { method, headers } = entry;
  const version = ifMatch(headers['if-match']);
  if (method === 'DELETE') {
    const keys = matched?.versions ?? (id === undefined ? [] : [{ type, id }]);
    if (keys.length === 0 && version !== undefined) throw nothingToMatch(type, entry.criteria);
    const planned = matched === undefined ? planNamedDelete : planDelete;
    const deletions = await Promise.all(keys.map((key) => planned(call, { type: key.type, id: key.id }, version)));
    return deletions.filter((deletion) => deletion !== undefined);
  }
  if (method === 'PATCH') {
    if (id === undefined) throw new Problem('not-found', `No ${type} matches '${entry.criteria}'`);
    const resource = entry.resource && resolveReferences(entry.resource, entry.fullUrl, targets);
    const request = entryRequest({ ...entry, ...(resource && { resource }) });
    return [await planPatch(call, { type, id }, patchOf(call.world.registry, request), version)];
  }
  if (entry.resource === undefined || id === undefined) return [];
  const resource = resolveReferences(entry.resource, entry.fullUrl, targets);
  const [match] = matched?.versions ?? [];
  if (method === 'POST') {
    return match === undefined ? (await planCreate(call, resource, { id })).changes : [];
  }
  if (match !== undefined && resource.id !== undefined && resource.id !== match.id) {
    throw new Problem(
      'invalid',
      `The criteria match ${type}/${match.id}, but the resource has the id '${resource.id}'`,
    );
  }
  const change = await planUpdate(
    call,
    resource,
    id,
    preconditionOf((name) => headers[name]),
  );
  const creates = matched !== undefined && match === undefined && version === undefined;
  return [creates ? { ...change, expect: { kind: 'absent' } } : change];
}

/** Creates come before conditional updates (http.html#trules), so these would find what those made: one identity, twice. */
function refuseCreatedMatches(call: Call, assigned: readonly Assigned[], changes: readonly Planned[]): void {
  for (const { entry, type, matched } of assigned) {
    if (matched === undefined || (entry.method !== 'PUT' && entry.method !== 'PATCH')) continue;
    for (const change of changes) {
      if (change.kind !== 'put' || change.method !== 'POST' || change.drafted.draft.type !== type) continue;
      if (!draftSatisfies(call.world, matched.guard.where, change.drafted.draft)) continue;
      throw new Problem('duplicate-target', `The criteria of ${entry.expression} match what ${change.within} creates`, {
        expression: [`${entry.expression}.request.url`],
      });
    }
  }
}

function refuseAll(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const issues = problems.flatMap((problem) => problem.issues);
  throw new Problem(first.kind, first.message, { issues, headers: first.headers });
}

function receiptEntries(
  entries: readonly BundleEntry[],
  assigned: readonly Assigned[],
): readonly (ReceiptEntry | null)[] {
  const byIndex = new Map(assigned.map((target) => [target.entry.index, target]));
  return entries.map(({ index, method }) => {
    const target = byIndex.get(index);
    if (target === undefined) return null;
    const { type, id, matched } = target;
    if (method === 'DELETE') return { type, id: id ?? '', status: 204 };
    if (id === undefined) return null;
    return { type, id, status: method === 'POST' && (matched?.versions.length ?? 0) === 0 ? 201 : 200 };
  });
}
