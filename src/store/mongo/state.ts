import type { CommitResult, Expectation, Refusal, Written } from '../store.ts';
import { bytesOf, type ResourceDocument, SEQ } from './documents.ts';
import { type PreparedChange, type PreparedCommit, resourceName } from './prepared.ts';

/** A resource as the group sees it: as stored, or as changed by an earlier commit of the group. */
export interface Current {
  readonly document: ResourceDocument;
  /** Made by this group: `seq` counts from the group's start, `at` is not known yet. */
  readonly fresh: boolean;
}

/** What a group's commits have made of the resources so far. */
export interface GroupState {
  readonly current: Map<string, Current>;
  /** The resources in the database by name: whether they were live before the group. */
  readonly stored: ReadonlyMap<string, boolean>;
  /** Resources that are live and only referred to. */
  readonly living: Set<string>;
  /** Names of resources changed by this group. */
  readonly touched: Set<string>;
  readonly superseded: { readonly old: Current; readonly by: Current }[];
  /** Commits of this group that made a version. */
  commits: number;
}

export type Decision =
  | { readonly kind: 'refused'; readonly because: Refusal }
  /** `ordinal` of the commit within the group from 1; 0 where nothing was changed. */
  | { readonly kind: 'accepted'; readonly ordinal: number; readonly versions: readonly Decided[] };
export type Decided = Omit<Written, 'lastUpdated'> & { readonly of: Current | undefined };

const holds = (expect: Expectation, found: ResourceDocument | undefined): boolean => {
  switch (expect.kind) {
    case 'any':
      return true;
    case 'absent':
      return !found?.live;
    case 'present':
      return found?.live === true;
    case 'version':
      return found?.live === true && found.version === expect.version;
    default:
      return expect satisfies never;
  }
};

/** The document that a change leaves, or undefined where it leaves the one there was. */
function changed(
  change: PreparedChange,
  before: ResourceDocument | undefined,
  seq: number,
): ResourceDocument | undefined {
  const version = (before?.version ?? 0) + 1;
  if (change.kind === 'delete') {
    if (!before?.live) return undefined;
    const { _id, type, patient } = before;
    return { _id, type, version, seq, at: 0, method: 'DELETE', live: false, patient };
  }
  const { content, method } = change;
  const same =
    before?.live && before.mark && bytesOf(before.mark).equals(content.mark) && before.patient === content.patient;
  // Filled in, not copied: a change is decided anew each time its group is tried.
  return same ? undefined : Object.assign(content, { version, seq, at: 0, method, live: true });
}

/** Applies a commit to the state, or says why not; a refused commit leaves the state as it was. */
export function decide(state: GroupState, prepared: PreparedCommit): Decision {
  const local = new Map<string, Current>();
  const superseded: GroupState['superseded'] = [];
  const touched: string[] = [];
  const versions: Decided[] = [];
  const ordinal = state.commits + 1;
  for (const [n, change] of prepared.changes.entries()) {
    const before = state.current.get(change.name);
    if (!holds(change.expect, before?.document)) {
      const current = before && { version: before.document.version, deleted: !before.document.live };
      return { kind: 'refused', because: { kind: 'expectation', change: n, current } };
    }
    const document = changed(change, before?.document, ordinal * SEQ + n);
    if (!document) {
      versions.push({ outcome: 'unchanged', version: before?.document.version ?? 0, of: before });
      if (change.kind === 'put' && before && before.document.indexed !== change.content.indexed) {
        // The same body under another parameter set: the version stays, what it is found by is replaced.
        const { version, seq, at, method } = before.document;
        local.set(change.name, {
          document: { ...change.content, version, seq, at, method, live: true },
          fresh: before.fresh,
        });
        touched.push(change.name);
      }
      continue;
    }
    const by = { document, fresh: true };
    local.set(change.name, by);
    touched.push(change.name);
    if (before) superseded.push({ old: before, by });
    const outcome = change.kind === 'delete' ? 'deleted' : before?.document.live ? 'updated' : 'created';
    versions.push({ outcome, version: document.version, of: by });
  }
  const missing = prepared.commit.requires?.find((key) => {
    const name = resourceName(key);
    const current = local.get(name) ?? state.current.get(name);
    return current ? !current.document.live : !state.living.has(name);
  });
  if (missing) return { kind: 'refused', because: { kind: 'missing', key: { type: missing.type, id: missing.id } } };
  for (const [name, current] of local) state.current.set(name, current);
  for (const name of touched) state.touched.add(name);
  state.superseded.push(...superseded);
  const made = versions.some((v) => v.outcome !== 'unchanged');
  if (made) state.commits = ordinal;
  return { kind: 'accepted', ordinal: made ? ordinal : 0, versions };
}

/** The answer, once it is known after which transaction the group came and when. */
export function answer(decision: Decision, base: number, at: number): CommitResult {
  if (decision.kind === 'refused') return decision;
  return {
    kind: 'committed',
    transaction: base + decision.ordinal,
    lastUpdated: at,
    versions: decision.versions.map(({ of, outcome, version }) => ({
      outcome,
      version,
      lastUpdated: of && !of.fresh ? of.document.at : at,
    })),
  };
}
