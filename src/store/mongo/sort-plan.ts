import { Problem } from '../../fhir/problem.ts';
import type { Cursor, Query } from '../../search/query.ts';
import type { ResourceDocument } from './documents.ts';
import type { Filter } from './filter.ts';
import { MAIN_DATE } from './search-fields.ts';

/** An order that an index can give: the fields by which rows are told apart, each rising or falling. */
export interface IndexOrder {
  readonly kind: 'recent' | 'id' | 'updated' | 'date';
  readonly descending: boolean;
}

/** The order of the query, where an index has it; of several types only recency is. */
export function indexOrder(query: Query): IndexOrder | undefined {
  const [sort, second] = query.sort;
  if (!sort) return { kind: 'recent', descending: true };
  if (second || query.types.length > 1) return undefined;
  const { descending } = sort;
  if (sort.kind === 'id') return { kind: 'id', descending };
  if (sort.kind === 'lastUpdated') return { kind: 'updated', descending };
  return sort.kind === 'date' && sort.param === MAIN_DATE ? { kind: 'date', descending } : undefined;
}

export type Position = readonly (string | number | null)[];
type Row = Pick<ResourceDocument, '_id' | 'seq' | 'at' | 'date' | 'dateEnd'>;

/** Intervals rise by their start and fall by their end; of several the lowest and the highest. */
export const dateField = (order: IndexOrder): 'date' | 'dateEnd' => (order.descending ? 'dateEnd' : 'date');

/** The place of a row in an index order. */
export const positionOf = (order: IndexOrder, row: Row): Position =>
  order.kind === 'recent'
    ? [row.seq, row.at]
    : order.kind === 'updated'
      ? [row.seq, row.at]
      : order.kind === 'id'
        ? [row._id]
        : [row[dateField(order)] ?? null, row.seq];

/** A stretch of an index order that is walked in one query. */
export interface Stretch {
  readonly filter: Filter;
  readonly sort: Readonly<Record<string, 1 | -1>>;
}

const numbers = (position: Position): [number, number] => {
  const [a, b] = position;
  if (typeof a !== 'number' || typeof b !== 'number')
    throw new Problem('invalid-search', 'The page asked for is unknown.');
  return [a, b];
};

/**
 * The stretches to walk, one after another, until a page is full. Rows without a main date come last either way, and
 * no single index walk has both ends so: they are a stretch of their own. Among equals the newest comes first. `by` is
 * the field that orders by recency; `mustBeDated` where rows without a main date cannot match.
 */
export function stretches(
  order: IndexOrder,
  cursor: Cursor | undefined,
  by: 'seq' | 'at',
  mustBeDated: boolean,
): Stretch[] {
  const backwards = cursor?.direction === 'previous';
  const down = order.descending !== backwards;
  const way = down ? -1 : 1;
  const beyond = down ? '$lt' : '$gt';
  const upTo = down ? '$lte' : '$gte';
  if (order.kind === 'id') {
    const [id] = cursor?.position ?? [];
    return [{ filter: cursor ? { _id: { [beyond]: String(id) } } : {}, sort: { _id: way } }];
  }
  if (order.kind !== 'date') {
    const sort = by === 'seq' ? ({ seq: way } as const) : ({ at: way, seq: way } as const);
    if (!cursor) return [{ filter: {}, sort }];
    const [seq, at] = numbers(cursor.position);
    // Times never fall as `seq` rises, so the bound on time takes nothing away and closes the index interval.
    return [{ filter: { seq: { [beyond]: seq }, ...(by === 'at' && { at: { [upTo]: at } }) }, sort }];
  }
  const field = dateField(order);
  const newestFirst = backwards ? 1 : -1;
  const bySeq = backwards ? '$gt' : '$lt';
  const sort = { [field]: way, seq: newestFirst } as const;
  const dated: Stretch = { filter: { [field]: { $gte: -8.64e15 } }, sort };
  const undated: Stretch = { filter: { [field]: { $exists: false } }, sort: { seq: newestFirst } };
  // Falling, an index has what is missing at its end.
  if (!cursor) return mustBeDated ? [dated] : down ? [{ filter: {}, sort }] : [dated, undated];
  const [date] = cursor.position;
  if (date === null || date === undefined) {
    const seq = Number(cursor.position[1]);
    const rest = { ...undated, filter: { ...undated.filter, seq: { [bySeq]: seq } } };
    return backwards ? [rest, dated] : [rest];
  }
  const [of, seq] = numbers(cursor.position);
  const filter: Filter = {
    [field]: { [upTo]: of },
    $or: [{ [field]: { [beyond]: of } }, { [field]: of, seq: { [bySeq]: seq } }],
  };
  return backwards || mustBeDated ? [{ ...dated, filter }] : [{ ...dated, filter }, undated];
}
