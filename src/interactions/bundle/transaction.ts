import type { StoredVersion, Written } from '../../store/store.ts';
import type { Answer } from '../answer.ts';
import { recordAccess } from '../audit-record.ts';
import type { Call, Preferences } from '../context.ts';
import { type BundleKey, commitOnce } from '../once.ts';
import { preferences } from '../preferences.ts';
import { storedBody } from '../stored-body.ts';
import { writtenOutcome } from '../written-answer.ts';
import { dispatchEntry } from './dispatch-entry.ts';
import type { BundleEntry } from './entries.ts';
import { type EntryOutcome, responseBundle } from './response.ts';
import { planTransaction, type TransactionPlan } from './transaction-plan.ts';

/** All entries or none, in one commit (http.html#transaction). `key` makes retries give the first answer. */
export async function transaction(
  call: Call,
  entries: readonly BundleEntry[],
  key: BundleKey | undefined,
): Promise<Answer> {
  const newIds = entries.map(() => call.world.newId());
  const { return: preferred } = preferences(call.request, 'minimal');
  const updates = key?.ofContent ? entries.filter(({ method }) => method === 'PUT').map(({ index }) => index) : [];
  const once = await commitOnce(call, key?.key, () => planTransaction(call, entries, newIds), updates);
  const outcomes =
    once.kind === 'committed'
      ? committedOutcomes(once.plan, once.written, preferred)
      : new Map(
          once.entries.flatMap((entry, i) =>
            entry ? [[i, replayed(entry, once.versions[i] ?? null, preferred)]] : [],
          ),
        );
  const known = once.kind === 'replayed' ? once.versions : existingOf(once.plan);
  const told = known.filter((version) => version !== null);
  if (told.length > 0) await recordAccess(call, { interaction: 'read', entities: told });
  const inherited = { prefer: `handling=${preferences(call.request).handling}` };
  const answers: EntryOutcome[] = [];
  for (const entry of entries) {
    const reads = entry.method === 'GET' || entry.method === 'HEAD';
    answers.push(reads ? await dispatchEntry(call, entry, inherited) : (outcomes.get(entry.index) ?? { status: 200 }));
  }
  return responseBundle(call, 'transaction-response', answers);
}

/** What conditional creates found instead of creating: told to the client, so it is an access. */
const existingOf = ({ assigned }: TransactionPlan): readonly StoredVersion[] =>
  assigned.flatMap(({ entry, matched }) => (entry.method === 'POST' ? (matched?.versions ?? []) : []));

type Preferred = Preferences['return'];

/** What was done belongs beside the status: an entry's `resource` is the representation (bundle.html#bundle-response). */
const told = (preferred: Preferred, ...what: Parameters<typeof writtenOutcome>): Pick<EntryOutcome, 'outcome'> =>
  preferred === 'OperationOutcome' ? { outcome: writtenOutcome(...what) } : {};

function committedOutcomes(
  plan: TransactionPlan,
  written: readonly Written[],
  preferred: Preferred,
): ReadonlyMap<number, EntryOutcome> {
  const outcomes = new Map<number, EntryOutcome>();
  for (const { entry, matched } of plan.assigned) {
    const [existing] = matched?.versions ?? [];
    if (entry.method === 'DELETE') outcomes.set(entry.index, { status: 204 });
    else if (existing) outcomes.set(entry.index, versionOutcome(existing, 200, preferred));
  }
  for (const [index, change] of plan.changes.entries()) {
    const made = written[index];
    const entry = plan.entryOf[index];
    if (made === undefined || entry === undefined) continue;
    if (change.kind === 'delete') {
      outcomes.set(entry, {
        status: 204,
        version: made.version,
        lastUpdated: made.lastUpdated,
        ...told(preferred, change.key, made),
      });
      continue;
    }
    const { draft } = change.drafted;
    outcomes.set(entry, {
      status: made.outcome === 'created' ? 201 : 200,
      location: `${draft.type}/${draft.id}/_history/${made.version}`,
      version: made.version,
      lastUpdated: made.lastUpdated,
      ...told(preferred, draft, made),
      ...(preferred === 'representation' && {
        at: draft,
        resource: storedBody(draft, made.version, made.lastUpdated),
      }),
    });
  }
  return outcomes;
}

function replayed(
  entry: { readonly status: number },
  version: StoredVersion | null,
  preferred: Preferred,
): EntryOutcome {
  return version === null ? { status: entry.status } : versionOutcome(version, entry.status, preferred);
}

const versionOutcome = (version: StoredVersion, status: number, preferred: Preferred): EntryOutcome => ({
  status,
  location: `${version.type}/${version.id}/_history/${version.version}`,
  version: version.version,
  lastUpdated: version.lastUpdated,
  ...told(preferred, version, { outcome: 'matched', version: version.version }),
  ...(preferred === 'representation' && {
    at: version,
    resource: version.body,
  }),
});
