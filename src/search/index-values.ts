/**
 * What a resource is found by: values written out once, when it is stored, and never read back from its body.
 * `param` is the search parameter's code on the resource's type. Components of a composite parameter are
 * written as ordinary values with `param` = `<composite>$<n>` (n from 0) that share a `group` ordinal.
 */
export type IndexValue =
  | TokenValue
  | StringValue
  | DateValue
  | NumberValue
  | QuantityValue
  | ReferenceValue
  | UriValue
  | FulltextValue;

interface Value {
  readonly param: string;
  /** Ordinal of the repeating element, for composites alone: components that belong together share it. */
  readonly group?: number;
}

/** A coded value. `system` is null where the element has none; `text` holds display and text, folded, for `:text`. */
export interface TokenValue extends Value {
  readonly kind: 'token';
  readonly system: string | null;
  readonly code: string | null;
  readonly text?: string;
  /** For Identifier: the type codings (`system|code`), for `:of-type`. */
  readonly ofType?: readonly { readonly system: string | null; readonly code: string }[];
}
/** `folded`: lower case, accents and surplus white space removed (see fold.ts); `exact`: as written. */
export interface StringValue extends Value {
  readonly kind: 'string';
  readonly exact: string;
  readonly folded: string;
}
/** Milliseconds UTC, [low, high]; an open end is -8.64e15 / 8.64e15. `high` is the last millisecond inside. */
export interface DateValue extends Value {
  readonly kind: 'date';
  readonly low: number;
  readonly high: number;
}
/**
 * A plain number is the point low = high = value: the precision that counts is the search parameter's (search.html#number).
 * A Range is its ends, an open one -/+ Number.MAX_VALUE; `value` is then the end to sort by.
 */
export interface NumberValue extends Value {
  readonly kind: 'number';
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
/** As number, with its unit; `canonical` is the same in UCUM base units where the unit is UCUM and known. */
export interface QuantityValue extends Value {
  readonly kind: 'quantity';
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly system: string | null;
  readonly code: string | null;
  readonly unit: string | null;
  readonly canonical?: { readonly unit: string; readonly value: number; readonly low: number; readonly high: number };
}
/** One reference. Local ones have type and id; others a url. A logical reference has an identifier. */
export interface ReferenceValue extends Value {
  readonly kind: 'reference';
  readonly type: string | null;
  readonly id: string | null;
  readonly version: string | null;
  readonly url: string | null;
  readonly identifier?: { readonly system: string | null; readonly value: string | null };
}
export interface UriValue extends Value {
  readonly kind: 'uri';
  readonly value: string;
}

/**
 * The words of a text in order, folded (words.ts); '' stands between texts that do not touch. `_text` is the narrative,
 * `_content` the strings of all other elements. Equal texts are often the same array: stores may remember what they made of it.
 */
export interface FulltextValue extends Value {
  readonly kind: 'fulltext';
  readonly param: '_text' | '_content';
  readonly words: readonly string[];
}

/** The pseudo parameter under which compartment membership is written, as references to the compartment's owner. */
export const COMPARTMENT = '_compartment';

/** The pseudo parameter under which strings with capitals are written without, to be found in any case. */
export const anyCase = (param: string): string => `${param}:any-case`;

/** The pseudo parameter under which is written what `:below` asks for, where that is not the value itself. */
export const below = (param: string): string => `${param}:below`;
