import { Problem } from '../../fhir/problem.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Change, Commit, CommitResult, Written } from '../store.ts';
import { RecordLines } from './audit/record-lines.ts';
import type { Connection } from './connection.ts';
import { type Hash, hashed } from './hash.ts';
import { RowDraft } from './index-rows.ts';
import type { ChangeOrder, CommitOrder, IndexRows } from './messages.ts';
import type { NameTable } from './name-table.ts';
import type { OpenedVersions } from './opened-versions.ts';
import { setName, typeName } from './names.ts';
import { compiler } from './query/compiler.ts';
import { matchingIds } from './query/count.ts';
import { Sealer } from './sealer.ts';
import { spliced } from './stored-version.ts';
import type { WriterClient } from './writer-client.ts';

interface Parts {
  readonly connection: Connection;
  readonly writer: WriterClient;
  readonly vault: Vault;
  readonly names: NameTable;
  readonly opened: OpenedVersions;
  readonly hash: Hash;
  readonly now: () => number;
}
// A guard that fails tells of so many unexpected matches.
const UNEXPECTED = 20;

const keyOf = (change: Change) => (change.kind === 'put' ? change.draft : change.key);
const receiptPlace = (key: string): string => `receipt/${key}`;

/** Prepares commits on the main thread (sealing, index rows, guards as SQL) and hands them to the writer. */
export class Committer {
  readonly #parts: Parts;
  readonly #displays = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async commit(commit: Commit): Promise<CommitResult & { readonly wrote?: boolean }> {
    const { names, vault, writer } = this.#parts;
    const targets = new Set<string>();
    for (const change of commit.changes) {
      const { type, id } = keyOf(change);
      const target = hashed.key(type, id);
      if (targets.has(target)) throw new Problem('duplicate-target', `${target} is changed twice in one commit`);
      targets.add(target);
    }
    const drafts = commit.changes.map((change) =>
      change.kind === 'put' ? new RowDraft(change.draft.type, change.draft.values, this.#parts.hash) : undefined,
    );
    let rows = this.#rows(drafts);
    if (!rows || this.#typesMissing(commit)) {
      await names.ensure(this.#missingNames(commit, drafts));
      rows = this.#rows(drafts);
    }
    if (!rows) throw new Problem('unexpected', 'a parameter set has no number');
    const numbered = rows;
    let sent: CommitOrder | undefined;
    const reply = await writer.send(
      (keep) => {
        sent = this.#order(commit, numbered, new Sealer(vault, keep));
        return sent;
      },
      commit.audit?.length ? new RecordLines(commit.audit) : undefined,
    );
    switch (reply.kind) {
      case 'committed': {
        vault.stored((sent?.keys ?? []).map(([id]) => id));
        this.#remember(sent);
        this.#keepOpened(commit, reply.firstSeq, reply.transaction, reply.versions);
        const { transaction, lastUpdated, versions, wrote } = reply;
        return { kind: 'committed', transaction, lastUpdated, versions, wrote };
      }
      case 'replayed':
        return {
          kind: 'replayed',
          answer: await vault.open(reply.dataKey, receiptPlace(commit.receipt?.key ?? ''), Buffer.from(reply.answer)),
        };
      case 'refused':
        return reply;
      default:
        throw new Problem('unexpected', `the writer answered a commit with ${reply.kind}`);
    }
  }

  /** The rows of each draft; undefined where a parameter set has no number yet. */
  #rows(drafts: readonly (RowDraft | undefined)[]): readonly (IndexRows | undefined)[] | undefined {
    const { names } = this.#parts;
    const rows: (IndexRows | undefined)[] = [];
    for (const draft of drafts) {
      const made = draft?.finish((members) => names.setNumber(draft.type, members));
      if (draft && !made) return undefined;
      rows.push(made);
    }
    return rows;
  }

  #typesMissing(commit: Commit): boolean {
    const { names } = this.#parts;
    return (
      commit.changes.some((change) => names.typeNumber(keyOf(change).type) === undefined) ||
      (commit.guards ?? []).some((guard) => names.typeNumber(guard.type) === undefined)
    );
  }

  #missingNames(commit: Commit, drafts: readonly (RowDraft | undefined)[]): string[] {
    const { names } = this.#parts;
    const missing: string[] = [];
    const need = (name: string) => {
      if (!names.has(name)) missing.push(name);
    };
    for (const [index, change] of commit.changes.entries()) {
      const { type } = keyOf(change);
      need(typeName(type));
      for (const members of drafts[index]?.sets() ?? [])
        if (names.setNumber(type, members) === undefined) missing.push(setName(type, members));
    }
    for (const guard of commit.guards ?? []) need(typeName(guard.type));
    return missing;
  }

  #order(commit: Commit, rows: readonly (IndexRows | undefined)[], sealer: Sealer): CommitOrder {
    const { hash, names, now, connection } = this.#parts;
    const { receipt } = commit;
    const changes = commit.changes.map((change, index) => this.#change(change, rows[index], sealer));
    const scope = compiler({ hash, names, connection, late: true });
    const guards = (commit.guards ?? []).map(({ type, where, ids }) => ({
      matches: matchingIds(scope, type, where, ids.length + UNEXPECTED),
      ids,
    }));
    const order: Omit<CommitOrder, 'keys'> = {
      kind: 'commit',
      now: now(),
      changes,
      guards,
      requires: (commit.requires ?? []).map(({ type, id }) => ({
        hash: hash(hashed.key(type, id)),
        key: { type, id },
      })),
      ...(receipt && {
        receipt: {
          key: receipt.key,
          expires: receipt.expires,
          answer: sealer.seal(null, receiptPlace(receipt.key), receipt.answer),
        },
      }),
    };
    return { ...order, keys: sealer.keys };
  }

  #change(change: Change, rows: IndexRows | undefined, sealer: Sealer): ChangeOrder {
    const { hash, names, vault } = this.#parts;
    const { type, id } = keyOf(change);
    const place = hashed.key(type, id);
    const common = { hash: hash(place), type: names.typeNumber(type) ?? 0, id, expect: change.expect };
    if (change.kind === 'delete') return { kind: 'delete', ...common };
    if (!rows) throw new Problem('unexpected', `a change of ${place} has no index rows`);
    return {
      kind: 'put',
      ...common,
      method: change.method,
      fingerprint: vault.fingerprint(change.draft.body).toString('base64url'),
      indexed: change.draft.indexed,
      body: sealer.seal(change.draft.patient, place, change.draft.body),
      rows: this.#withoutKnownDisplays(rows),
    };
  }

  /** Displays repeat with every resource that has the code; those stored by us need not travel again. */
  #withoutKnownDisplays(rows: IndexRows): IndexRows {
    const { display } = rows;
    if (display.length === 0) return rows;
    const unknown: (number | string)[] = [];
    for (let i = 0; i < display.length; i += 3)
      if (!this.#displays.has(`${display[i]}|${display[i + 1]}`)) unknown.push(...display.slice(i, i + 3));
    return { ...rows, display: unknown };
  }

  /** What was just written is likely to be read next. */
  #keepOpened(commit: Commit, firstSeq: number, transaction: number, written: readonly Written[]): void {
    let seq = firstSeq;
    for (const [index, change] of commit.changes.entries()) {
      const made = written[index];
      if (!made || made.outcome === 'unchanged') continue;
      if (change.kind === 'put') {
        const { type, id, patient } = change.draft;
        const { version, lastUpdated } = made;
        const facts = { type, id, version, lastUpdated, transaction, method: change.method, patient };
        this.#parts.opened.keep(seq, { ...facts, deleted: false, body: spliced(facts, change.draft.body) });
      }
      seq++;
    }
  }

  #remember(order: CommitOrder | undefined): void {
    if (this.#displays.size > 100_000) this.#displays.clear();
    for (const change of order?.changes ?? []) {
      if (change.kind !== 'put') continue;
      const { display } = change.rows;
      for (let i = 0; i < display.length; i += 3) this.#displays.add(`${display[i]}|${display[i + 1]}`);
    }
  }
}
