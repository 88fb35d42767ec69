/**
 * A search as a value: what the stores compile and the policy ANDs its predicate into. Closed unions only; every
 * switch over them ends in `satisfies never`. Values are already normalised: dates in ms UTC, strings folded.
 */
export interface Query {
  /** The types searched; one, except at system level. */
  readonly types: readonly string[];
  readonly where: Predicate;
  /** Empty means newest first: by descending transaction number. */
  readonly sort: readonly Sort[];
  readonly count: number;
  /** Where to go on: the sort keys and row key of the last row seen (or first, going backwards), as made by the store. */
  readonly cursor?: Cursor;
  readonly total: 'none' | 'estimate' | 'accurate';
}

export interface Cursor {
  readonly direction: 'next' | 'previous';
  /** Opaque to all but the store that made it; carried signed in page links (search/page-cursor.ts). */
  readonly position: readonly (string | number | null)[];
}

/** `param` is a search parameter's code, or `_id` or `_lastUpdated`. */
export interface Sort {
  readonly param: string;
  readonly kind: 'id' | 'lastUpdated' | 'token' | 'string' | 'date' | 'number' | 'quantity' | 'reference' | 'uri';
  readonly descending: boolean;
}

export type Predicate =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'and'; readonly of: readonly Predicate[] }
  | { readonly kind: 'or'; readonly of: readonly Predicate[] }
  /** True for resources that do not satisfy `of` (search.html#modifiers `:not`: missing values included). */
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  | { readonly kind: 'lastUpdated'; readonly range: Range }
  /** The parameter has at least one value (`missing: false`) or none. */
  | { readonly kind: 'missing'; readonly param: string; readonly of: ValueKind; readonly missing: boolean }
  | TokenPredicate
  | StringPredicate
  | DatePredicate
  | NumberPredicate
  | QuantityPredicate
  | ReferencePredicate
  | UriPredicate
  | FulltextPredicate
  | NearPredicate
  /** All components hold within one group of the composite parameter; each names `<composite>$<n>`. */
  | { readonly kind: 'composite'; readonly param: string; readonly components: readonly Predicate[] }
  /** The reference points at a stored resource of `type` that satisfies `where` (chained parameters). */
  | { readonly kind: 'chain'; readonly param: string; readonly type: string; readonly where: Predicate }
  /** Some `source` resource that satisfies `where` refers to this one through its `param` (`_has`). */
  | { readonly kind: 'has'; readonly source: string; readonly param: string; readonly where: Predicate };

export type ValueKind = 'token' | 'string' | 'date' | 'number' | 'quantity' | 'reference' | 'uri';

/** Absent `system`: any. `system: null`: `|code`, none stated. Absent `code`: `system|`, any code. */
export interface TokenPredicate {
  readonly kind: 'token';
  readonly param: string;
  readonly match:
    | { readonly by: 'code'; readonly system?: string | null; readonly code?: string }
    /** The stored text starts with it, as a string search would (search.html#token `:text`). */
    | { readonly by: 'text'; readonly folded: string }
    | { readonly by: 'of-type'; readonly system?: string | null; readonly code: string; readonly value: string };
}
export interface StringPredicate {
  readonly kind: 'string';
  readonly param: string;
  /** `value` is folded, except for `exact`; `equals` compares what is folded, whole. */
  readonly match: 'starts' | 'contains' | 'exact' | 'equals' | 'ends';
  readonly value: string;
}
/**
 * What must hold between the stored interval [low, high] (r) and the bounds (p):
 * `within` r ⊆ p (eq); `overlaps`; each bound alone by comparing one end. The parser maps prefixes to these
 * (search.html#prefix), so stores know no prefixes: a bound that is absent is not tested.
 */
export interface Range {
  readonly lowAtLeast?: number;
  readonly lowAbove?: number;
  readonly lowAtMost?: number;
  readonly lowBelow?: number;
  readonly highAtLeast?: number;
  readonly highAbove?: number;
  readonly highAtMost?: number;
  readonly highBelow?: number;
}
export interface DatePredicate {
  readonly kind: 'date';
  readonly param: string;
  readonly range: Range;
}
/** `range` tests [low, high], which is all the parser uses; `value` tests the number as written. Both must hold where both are given. */
export interface NumberPredicate {
  readonly kind: 'number';
  readonly param: string;
  readonly range?: Range;
  readonly value?: ValueRange;
}
export interface ValueRange {
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
}
/** As number; absent `unit` tests any unit. `canonical` tests the UCUM-normalised copy instead of the unit as written. */
export interface QuantityPredicate {
  readonly kind: 'quantity';
  readonly param: string;
  readonly range?: Range;
  readonly value?: ValueRange;
  readonly unit?:
    | { readonly by: 'coded'; readonly system: string | null; readonly code: string }
    | { readonly by: 'any-system'; readonly code: string }
    | { readonly by: 'system'; readonly system: string }
    | { readonly by: 'canonical'; readonly unit: string };
}
export interface ReferencePredicate {
  readonly kind: 'reference';
  readonly param: string;
  readonly target: /** Absent `type`: any of `types`, where they are stated. */
    | {
        readonly by: 'local';
        readonly type?: string;
        readonly types?: readonly string[];
        readonly id: string;
        readonly version?: string;
      }
    | { readonly by: 'type'; readonly type: string }
    | { readonly by: 'url'; readonly url: string }
    | { readonly by: 'identifier'; readonly system?: string | null; readonly value?: string };
}
export interface UriPredicate {
  readonly kind: 'uri';
  readonly param: string;
  /** `below`: the value starts with it; `above`: it starts with the value; character by character (search.html#uri). */
  readonly match: 'exact' | 'below' | 'above';
  readonly value: string;
}

/** The words stand in the text one right after another; one word alone anywhere. Folded as in words.ts, never none. */
export interface FulltextPredicate {
  readonly kind: 'fulltext';
  /** `_text`: the narrative; `_content`: the strings of all other elements. */
  readonly param: '_text' | '_content';
  readonly phrase: readonly string[];
}
/**
 * A position lies within a distance. Positions are points of the unit sphere, written as the numbers `<param>$0` to `$2`
 * (x, y, z) of one group; `chord` is the straight line to a point at that distance, in radii (near.ts).
 */
export interface NearPredicate {
  readonly kind: 'near';
  readonly param: string;
  readonly center: readonly [x: number, y: number, z: number];
  readonly chord: number;
}

/** The conjunction, flattened: `all` disappears, one `none` makes it `none`. */
export const and = (...predicates: readonly Predicate[]): Predicate => combined('and', 'all', 'none', predicates);

/** The disjunction, flattened: `none` disappears, one `all` makes it `all`. */
export const or = (...predicates: readonly Predicate[]): Predicate => combined('or', 'none', 'all', predicates);

function combined(
  kind: 'and' | 'or',
  neutral: 'all' | 'none',
  absorbing: 'all' | 'none',
  predicates: readonly Predicate[],
): Predicate {
  const some = predicates.filter((p) => p.kind !== neutral);
  const [only] = some;
  if (only === undefined) return { kind: neutral };
  if (some.length === 1) return only;
  const of: Predicate[] = [];
  for (const p of some) {
    if (p.kind === absorbing) return p;
    if ((p.kind === 'and' || p.kind === 'or') && p.kind === kind) for (const part of p.of) of.push(part);
    else of.push(p);
  }
  return { kind, of };
}
