import { randomBytes } from 'node:crypto';
import type { mongo } from 'mongoose';
import type { CommitResult, Guard } from '../store.ts';
import type { AuditBlockDocument, KeptRecord } from './audit-block.ts';
import { AuditChain } from './audit-chain.ts';
import { DURABLE } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { bytesOf, type ReceiptDocument } from './documents.ts';
import { loadGroup } from './group-load.ts';
import { type AskedGuard, askGuards, guardedIds } from './guards.ts';
import { Living, Outdated } from './living.ts';
import type { PreparedCommit } from './prepared.ts';
import { HEAD } from './search-key.ts';
import { answer, decide, type Decision, type GroupState } from './state.ts';
import { backOff, isDuplicate, isPassing, pause, unavailable } from './unavailable.ts';
import { takeTurn, writeGroup } from './group-writes.ts';

/** `deferred`: to be decided in the next group, where the effects of this one can be asked of the database. */
export type Outcome = Decision | { readonly kind: 'replayed'; readonly answer: Buffer } | { readonly kind: 'deferred' };

/** One try at a group. */
interface Turn {
  /** The group's number at this writer. */
  readonly n: number;
  /** What need not be asked is taken as known. */
  readonly assuming: boolean;
  /** The head is taken before anything is asked, since another may hold it. */
  readonly first: boolean;
}

interface Sent {
  readonly outcomes: readonly Outcome[];
  readonly state: GroupState;
  readonly base: number;
  readonly at: number;
  readonly block?: AuditBlockDocument;
}

/** The longest (ms) that a writer waits for others between its groups. */
const MOST_GIVEN = 25;

/**
 * Writes groups of commits, each group in one transaction and one majority acknowledgement.
 *
 * Every transaction that writes touches the head document, so MongoDB lets no two of them overlap: what a transaction
 * read (expectations, guards, receipts) is still true when it commits, in this process and in others. The head also
 * remembers the last group of each writer, so a group whose outcome got lost in an election is not applied twice.
 */
export class GroupWriter {
  readonly #context: MongoContext;
  readonly #session: mongo.ClientSession;
  readonly #writer = `w${randomBytes(8).toString('hex')}`;
  readonly #audit: AuditChain;
  readonly #living = new Living();
  #group = 0;
  /** How long (ms) the last group took. */
  #lasted = 0;

  constructor(context: MongoContext) {
    this.#context = context;
    // One session for all: a new transaction of it ends, on the server, what the one before left behind.
    this.#session = context.client.startSession({ causalConsistency: false });
    this.#audit = new AuditChain(context.vault, context.hash);
  }

  /** While others write too, lets one of them go first and more commits gather: a group each, in turns, is the fastest. */
  async giveWay(): Promise<void> {
    if (!this.#living.alone && this.#lasted > 0) await pause(Math.min(this.#lasted / 2, MOST_GIVEN));
  }

  /** Commits the group; rejects with Problem `unavailable` where the store stays away, with anything else where a commit cannot be stored. */
  async write(group: readonly PreparedCommit[]): Promise<(CommitResult | 'deferred')[]> {
    const n = ++this.#group;
    const deadline = Date.now() + this.#context.patience;
    let sent: Sent | undefined;
    let assuming = this.#context.transactional;
    const started = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const turn = { n, assuming, first: attempt > 1 || !this.#living.alone };
        const done = await this.#attempt(group, turn, deadline, sent, (s) => {
          sent = s;
        });
        this.#living.committed(done.base, done.state);
        this.#lasted = Date.now() - started;
        if (done.block) this.#audit.kept(done.block);
        this.#context.vault.stored(group.flatMap((c) => c.newKeys.map((k) => k.id)));
        for (const [i, { texts }] of group.entries())
          if (done.outcomes[i]?.kind === 'accepted')
            for (const { _id } of texts) this.#context.storedTexts.set(_id, true);
        this.#context.wrote(this.#session);
        return done.outcomes.map((o) =>
          o.kind === 'deferred' ? 'deferred' : o.kind === 'replayed' ? o : answer(o, done.base, done.at),
        );
      } catch (error) {
        if (assuming && (error instanceof Outdated || isDuplicate(error))) {
          assuming = false;
          continue;
        }
        if (isPassing(error) && Date.now() < deadline) {
          await backOff(attempt + 2);
          continue;
        }
        if (sent?.block) this.#audit.restart();
        throw isPassing(error) ? unavailable(error) : error;
      }
    }
  }

  async #attempt(
    group: readonly PreparedCommit[],
    turn: Turn,
    deadline: number,
    before: Sent | undefined,
    remember: (sent: Sent) => void,
  ): Promise<Sent> {
    const session = this.#session;
    if (this.#context.transactional)
      session.startTransaction({ readConcern: { level: 'snapshot' }, ...DURABLE, maxCommitTimeMS: 10_000 });
    let sent: Sent;
    try {
      if (before && (await this.#applied(turn.n))) {
        if (session.inTransaction()) await session.abortTransaction();
        return before;
      }
      sent = await this.#execute(group, turn);
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction();
      throw error;
    }
    remember(sent);
    if (this.#context.transactional) await this.#commit(deadline);
    return sent;
  }

  async #commit(deadline: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#session.commitTransaction();
        return;
      } catch (error) {
        const unknown = error instanceof Error && 'hasErrorLabel' in error && isUnknown(error);
        if (!unknown || Date.now() >= deadline) throw error;
        await backOff(attempt + 4);
      }
    }
  }

  async #applied(n: number): Promise<boolean> {
    const head = await this.#context.native.heads.findOne({ _id: HEAD }, { session: this.#session });
    return head?.groups[this.#writer]?.n === n;
  }

  async #execute(group: readonly PreparedCommit[], { n, assuming, first }: Turn): Promise<Sent> {
    const session = this.#session;
    if (first && this.#context.transactional) await takeTurn(this.#context, session, this.#writer, n);
    const { state, assumed } = await loadGroup(this.#context, session, group, assuming ? this.#living : undefined);
    const receipts = await this.#receipts(group);
    const guards = await askGuards(this.#context, session, group);
    const outcomes = group.map((prepared): Outcome => {
      const receipt = prepared.receipt && receipts.get(prepared.receipt.key);
      if (receipt) return { kind: 'replayed', answer: receipt };
      const guarded = this.#guarded(prepared, guards, state);
      if (guarded) return guarded;
      const decision = decide(state, prepared);
      if (decision.kind === 'accepted' && prepared.commit.receipt)
        receipts.set(prepared.commit.receipt.key, prepared.commit.receipt.answer);
      return decision;
    });
    const records = group.flatMap((prepared, i) => keptRecords(prepared, outcomes[i]));
    const block = records.length > 0 ? await this.#audit.next(records) : undefined;
    const accepted = group.filter((_, i) => outcomes[i]?.kind === 'accepted');
    const group_ = { writer: this.#writer, n, state, accepted, ...(block && { block }) };
    const { base, at } = await writeGroup(this.#context, session, group_);
    if (assumed) this.#living.confirm(base);
    return { outcomes, state, base, at, ...(block && { block }) };
  }

  async #receipts(group: readonly PreparedCommit[]): Promise<Map<string, Buffer>> {
    const keys = group.flatMap((c) => (c.receipt ? [c.receipt.key] : []));
    if (keys.length === 0) return new Map();
    const found: ReceiptDocument[] = await this.#context.native.receipts
      .find({ _id: { $in: keys }, expires: { $gt: this.#context.now() } }, { session: this.#session })
      .toArray();
    const open = async ({ _id, keyId, answer }: ReceiptDocument): Promise<[string, Buffer]> => [
      _id,
      await this.#context.vault.open(keyId, `receipt/${_id}`, bytesOf(answer)),
    ];
    return new Map(await Promise.all(found.map(open)));
  }

  #guarded(prepared: PreparedCommit, asked: ReadonlyMap<Guard, AskedGuard>, state: GroupState): Outcome | undefined {
    for (const [i, guard] of (prepared.commit.guards ?? []).entries()) {
      const known = asked.get(guard);
      const ids = known && guardedIds(known, state);
      if (!ids) return { kind: 'deferred' };
      const expected = new Set(guard.ids);
      if (ids.length !== expected.size || !ids.every((id) => expected.has(id)))
        return { kind: 'refused', because: { kind: 'guard', guard: i, ids } };
    }
    return undefined;
  }

  /** Ends the session and takes the writer off the head; one that cannot be reached is left to `forgetWriters`. */
  async close(): Promise<void> {
    await this.#session.endSession();
    try {
      await this.#context.native.heads.updateOne({ _id: HEAD }, { $unset: { [`groups.${this.#writer}`]: 1 } }, DURABLE);
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }
}

const isUnknown = (error: Error & { hasErrorLabel: unknown }): boolean =>
  typeof error.hasErrorLabel === 'function' && error.hasErrorLabel('UnknownTransactionCommitResult') === true;

/** The audit records of an accepted commit, each with the version that its change made. */
function keptRecords(prepared: PreparedCommit, outcome: Outcome | undefined): KeptRecord[] {
  if (outcome?.kind !== 'accepted') return [];
  return (prepared.commit.audit ?? []).map(({ change, ...record }) => {
    const version = change === undefined ? undefined : outcome.versions[change]?.version;
    return version === undefined ? record : { ...record, version };
  });
}
