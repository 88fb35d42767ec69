import { Problem } from '../../fhir/problem.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Change, Commit, CommitResult, Written } from '../store.ts';
import { RecordLines } from './audit/record-lines.ts';
import type { CellWriter } from './cells.ts';
import { type Head, writeDelete, writePut, writeRequired } from './change-cells.ts';
import type { Connection } from './connection.ts';
import { type Hash, hashed } from './hash.ts';
import { type Displays, DisplaysStored } from './displays.ts';
import { RowDraft } from './index-rows.ts';
import type { KeyRow, Reply, SentCommit } from './messages.ts';
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
// More at once come from a device or an import: they would push out what is asked for again.
const MOST_KEPT = 20;
// A guard that fails tells of so many unexpected matches.
const UNEXPECTED = 20;

/** A commit on its way. */
interface Sent {
  readonly reply: Promise<Reply>;
  readonly keys: readonly KeyRow[];
  readonly displays: readonly Displays[];
}
type Put = Extract<Change, { kind: 'put' }>;

const keyOf = (change: Change) => (change.kind === 'put' ? change.draft : change.key);
function refuseDuplicates(changes: readonly Change[]): void {
  if (changes.length < 2) return;
  const targets = new Set<string>();
  for (const change of changes) {
    const { type, id } = keyOf(change);
    const target = hashed.key(type, id);
    if (targets.has(target)) throw new Problem('duplicate-target', `${target} is changed twice in one commit`);
    targets.add(target);
  }
}

const receiptPlace = (key: string): string => `receipt/${key}`;

/** Prepares commits on the main thread (sealing, index rows, guards as SQL) and hands them to the writer. */
export class Committer {
  readonly #parts: Parts;
  readonly #displays = new DisplaysStored();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async commit(commit: Commit): Promise<CommitResult & { readonly wrote?: boolean }> {
    const { names, vault } = this.#parts;
    refuseDuplicates(commit.changes);
    let sent = this.#send(commit);
    for (; Array.isArray(sent); sent = this.#send(commit)) await names.ensure(sent);
    const { keys, displays } = sent;
    const reply = await sent.reply;
    switch (reply.kind) {
      case 'committed': {
        vault.stored(keys.map(([id]) => id));
        for (const written of displays) this.#displays.add(written);
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

  /**
   * Hands the commit over; or gives the names that have no number yet, and nothing was sent. The rows of one change are
   * made, written and forgotten before those of the next: a Bundle's would outlive the young generation.
   */
  #send(commit: Commit): Sent | string[] {
    const { vault, writer, hash, names } = this.#parts;
    const { changes, guards = [] } = commit;
    const missing: string[] = [];
    const need = (type: string) => {
      if (names.typeNumber(type) === undefined) missing.push(typeName(type));
    };
    for (const { type } of guards) need(type);
    let keys: readonly KeyRow[] = [];
    const displays: Displays[] = [];
    const reply = writer.offer(
      (batch) => {
        const sealer = new Sealer(vault, batch);
        for (const change of changes) {
          need(keyOf(change).type);
          if (change.kind === 'delete') {
            writeDelete(batch.changes, this.#head(change));
            continue;
          }
          const { type, values } = change.draft;
          const rows = new RowDraft(type, values, hash);
          const unnumbered = rows.unnumbered(names.setNumbers(type));
          for (const set of unnumbered) missing.push(setName(type, set));
          if (missing.length === 0) displays.push(this.#writePut(batch.changes, change, rows, sealer));
        }
        if (missing.length > 0) return undefined;
        const order = this.#order(commit, batch.changes, sealer);
        keys = order.keys ?? [];
        return order;
      },
      commit.audit?.length ? new RecordLines(commit.audit) : undefined,
    );
    return reply ? { reply, keys, displays } : missing;
  }

  #order(commit: Commit, out: CellWriter, sealer: Sealer): SentCommit {
    const { hash, names, now, connection } = this.#parts;
    const { guards = [], requires = [], changes, receipt } = commit;
    for (const { type, id } of requires) writeRequired(out, { hash: hash(hashed.key(type, id)), key: { type, id } });
    const answer = receipt && sealer.seal(null, receiptPlace(receipt.key), receipt.answer);
    const { keys } = sealer;
    const scope = () => compiler({ hash, names, connection, late: true });
    return {
      kind: 'commit',
      now: now(),
      changes: changes.length,
      requires: requires.length,
      ...(guards.length > 0 && {
        guards: guards.map(({ type, where, ids }) => ({
          matches: matchingIds(scope(), type, where, ids.length + UNEXPECTED),
          ids,
        })),
      }),
      ...(receipt && answer && { receipt: { key: receipt.key, expires: receipt.expires, answer } }),
      ...(keys.length > 0 && { keys }),
    };
  }

  #head(change: Change): Head {
    const { hash, names } = this.#parts;
    const { type, id } = keyOf(change);
    const place = hashed.key(type, id);
    // The id of a create is new.
    const key = change.kind === 'put' && change.method === 'POST' ? hash.once(place) : hash(place);
    return { hash: key, type: names.typeNumber(type) ?? 0, id, expect: change.expect };
  }

  /** Gives the displays that go along. */
  #writePut(out: CellWriter, change: Put, rows: RowDraft, sealer: Sealer): Displays {
    const { names, vault } = this.#parts;
    const { type, id, patient, body, indexed } = change.draft;
    writePut(out, this.#head(change), {
      method: change.method,
      fingerprint: vault.fingerprint(body).toString('base64url'),
      indexed,
      body: sealer.seal(patient, hashed.key(type, id), body),
    });
    return rows.write(out, names.setNumbers(type), this.#displays);
  }

  /** What was just written is likely to be read next. */
  #keepOpened(commit: Commit, firstSeq: number, transaction: number, written: readonly Written[]): void {
    if (commit.changes.length > MOST_KEPT) return;
    const { opened } = this.#parts;
    let seq = firstSeq;
    for (const [index, change] of commit.changes.entries()) {
      const made = written[index];
      if (!made || made.outcome === 'unchanged') continue;
      if (change.kind === 'put') {
        const { type, id, patient } = change.draft;
        const { version, lastUpdated } = made;
        const body = spliced(type, id, version, lastUpdated, change.draft.body);
        const { method } = change;
        opened.keep(seq, { type, id, version, lastUpdated, transaction, method, patient, deleted: false, body });
      }
      seq++;
    }
  }
}
