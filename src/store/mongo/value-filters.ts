import type {
  DatePredicate,
  NumberPredicate,
  QuantityPredicate,
  StringPredicate,
  UriPredicate,
} from '../../search/query.ts';
import { fold } from '../../search/fold.ts';
import { forms, type Hash } from './hashes.ts';
import { highBounds, lowBounds, valueBounds } from './ranges.ts';

/** A condition on one entry of `str`, `dat` or `num`. */
export type EntryFilter = Record<string, unknown>;

/** The least string above all that begin with `prefix`; U+FFFF is in no FHIR string. */
const beyond = (prefix: string): string => `${prefix}\uffff`;

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

export function stringEntry(hash: Hash, type: string, predicate: StringPredicate): EntryFilter {
  const p = hash(forms.values(type, predicate.param));
  switch (predicate.match) {
    case 'starts':
      return { p, f: { $gte: predicate.value, $lt: beyond(predicate.value) } };
    case 'contains':
      return { p, f: { $regex: literally(predicate.value) } };
    case 'exact':
      return { p, x: predicate.value };
    case 'equals':
      return { p, f: predicate.value };
    case 'ends':
      return { p, f: { $regex: `${literally(predicate.value)}$` } };
    default:
      return predicate.match satisfies never;
  }
}

/** `:text` is processed as a string: folded text that begins with the value. */
export const textEntry = (hash: Hash, type: string, param: string, folded: string): EntryFilter => ({
  p: hash(forms.texts(type, param)),
  f: { $gte: fold(folded), $lt: beyond(fold(folded)) },
});

export function uriEntry(hash: Hash, type: string, predicate: UriPredicate): EntryFilter {
  const p = hash(forms.values(type, predicate.param));
  const { value } = predicate;
  switch (predicate.match) {
    case 'exact':
      return { p, f: value };
    case 'below':
      return { p, f: { $gte: value, $lt: beyond(value) } };
    case 'above':
      return { p, f: { $in: Array.from(value, (_, n) => value.slice(0, n + 1)) } };
    default:
      return predicate.match satisfies never;
  }
}

export function dateEntry(hash: Hash, type: string, predicate: DatePredicate): EntryFilter {
  const l = lowBounds(predicate.range);
  const h = highBounds(predicate.range);
  return { p: hash(forms.values(type, predicate.param)), ...(l && { l }), ...(h && { h }) };
}

export function numberEntry(hash: Hash, type: string, predicate: NumberPredicate | QuantityPredicate): EntryFilter {
  const unit = predicate.kind === 'quantity' ? predicate.unit : undefined;
  const v = valueBounds(predicate.range, predicate.value);
  const l = predicate.range && lowBounds(predicate.range);
  const h = predicate.range && highBounds(predicate.range);
  const form = unit?.by === 'canonical' ? forms.canonical : forms.values;
  const conditions = { p: hash(form(type, predicate.param)), ...(v && { v }), ...(l && { l }), ...(h && { h }) };
  switch (unit?.by) {
    case undefined:
      return conditions;
    case 'coded':
      return { ...conditions, u: hash(forms.systemUnit(unit.system, unit.code)) };
    case 'any-system':
      return { ...conditions, u: hash(forms.unit(unit.code)) };
    case 'system':
      return { ...conditions, u: hash(forms.unitSystem(unit.system)) };
    case 'canonical':
      return { ...conditions, u: hash(forms.unit(unit.unit)) };
    default:
      return unit satisfies never;
  }
}
