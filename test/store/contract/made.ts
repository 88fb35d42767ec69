import type { ResourceKey } from '../../../src/fhir/ids.ts';
import { fold } from '../../../src/search/fold.ts';
import type {
  DateValue,
  IndexValue,
  QuantityValue,
  ReferenceValue,
  TokenValue,
} from '../../../src/search/index-values.ts';
import type { Predicate, Query, Sort } from '../../../src/search/query.ts';
import type {
  Change,
  Commit,
  CommitResult,
  Draft,
  Expectation,
  Store,
  StoredVersion,
} from '../../../src/store/store.ts';

interface DraftOptions {
  readonly text?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly values?: readonly IndexValue[];
  readonly patient?: string | null;
  readonly indexed?: string;
}

/** A resource with the least body that the port allows. */
export const draft = (type: string, id: string, options: DraftOptions = {}): Draft => ({
  type,
  id,
  body: Buffer.from(
    JSON.stringify({
      resourceType: type,
      id,
      meta: options.meta ?? {},
      ...(options.text !== undefined && { text: options.text }),
    }),
  ),
  values: options.values ?? [],
  patient: options.patient ?? null,
  indexed: options.indexed ?? 'v1',
});

export const put = (made: Draft, expect: Expectation = { kind: 'any' }): Change => ({
  kind: 'put',
  method: 'PUT',
  draft: made,
  expect,
});
export const remove = (type: string, id: string, expect: Expectation = { kind: 'any' }): Change => ({
  kind: 'delete',
  key: { type, id },
  expect,
});

/** Commits and returns the result; throws where it was refused. */
export async function committed(
  store: Store,
  changes: readonly Change[],
  rest: Omit<Commit, 'changes'> = {},
): Promise<Extract<CommitResult, { kind: 'committed' }>> {
  const result = await store.commit({ changes, ...rest });
  if (result.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(result)}`);
  return result;
}

export const key = (type: string, id: string): ResourceKey => ({ type, id });

export const json = (version: StoredVersion | undefined): unknown =>
  version === undefined ? undefined : JSON.parse(version.body.toString('utf8'));

export const token = (
  param: string,
  system: string | null,
  code: string | null,
  more: Partial<TokenValue> = {},
): TokenValue => ({
  kind: 'token',
  param,
  system,
  code,
  ...more,
});
export const text = (param: string, exact: string): IndexValue => ({
  kind: 'string',
  param,
  exact,
  folded: fold(exact),
});
export const date = (param: string, low: number, high = low): DateValue => ({ kind: 'date', param, low, high });
export const number = (param: string, value: number, half = 0.5): IndexValue => ({
  kind: 'number',
  param,
  value,
  low: value - half,
  high: value + half,
});
export const UCUM = 'http://unitsofmeasure.org';
export const quantity = (
  param: string,
  value: number,
  unit: string,
  more: Partial<QuantityValue> = {},
): QuantityValue => ({
  kind: 'quantity',
  param,
  value,
  low: value - 0.5,
  high: value + 0.5,
  system: UCUM,
  code: unit,
  unit,
  ...more,
});
export const reference = (
  param: string,
  type: string,
  id: string,
  more: Partial<ReferenceValue> = {},
): ReferenceValue => ({
  kind: 'reference',
  param,
  type,
  id,
  version: null,
  url: null,
  ...more,
});
export const uri = (param: string, value: string): IndexValue => ({ kind: 'uri', param, value });

export const coded = (param: string, code: string, system?: string | null): Predicate => ({
  kind: 'token',
  param,
  match: { by: 'code', code, ...(system !== undefined && { system }) },
});
export const refersTo = (param: string, type: string, id: string): Predicate => ({
  kind: 'reference',
  param,
  target: { by: 'local', type, id },
});

export const query = (type: string, where: Predicate = { kind: 'all' }, more: Partial<Query> = {}): Query => ({
  types: [type],
  where,
  sort: [],
  count: 100,
  total: 'none',
  ...more,
});
export const sorted = (param: string, kind: Sort['kind'], descending = false): Sort => ({ param, kind, descending });

/** Ids of the matches, in order. */
export const ids = async (store: Store, asked: Query): Promise<string[]> =>
  (await store.search(asked)).matches.map((m) => m.id);
/** Ids of the resources of a type that match, sorted, since order is not the point. */
export const matching = async (store: Store, type: string, where: Predicate): Promise<string[]> =>
  (await ids(store, query(type, where))).sort();
