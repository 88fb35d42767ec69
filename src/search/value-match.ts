import type { IndexValue, QuantityValue, ReferenceValue, TokenValue } from './index-values.ts';
import type {
  Predicate,
  QuantityPredicate,
  Range,
  ReferencePredicate,
  StringPredicate,
  TokenPredicate,
  UriPredicate,
  ValueRange,
} from './query.ts';

type ValuePredicate = Extract<Predicate, { readonly kind: IndexValue['kind'] }>;

/** True where [low, high] keeps every bound of the range. */
export const within = (range: Range, low: number, high: number): boolean =>
  !(
    (range.lowAtLeast !== undefined && !(low >= range.lowAtLeast)) ||
    (range.lowAbove !== undefined && !(low > range.lowAbove)) ||
    (range.lowAtMost !== undefined && !(low <= range.lowAtMost)) ||
    (range.lowBelow !== undefined && !(low < range.lowBelow)) ||
    (range.highAtLeast !== undefined && !(high >= range.highAtLeast)) ||
    (range.highAbove !== undefined && !(high > range.highAbove)) ||
    (range.highAtMost !== undefined && !(high <= range.highAtMost)) ||
    (range.highBelow !== undefined && !(high < range.highBelow))
  );

const exactly = (range: ValueRange, value: number): boolean =>
  !(
    (range.above !== undefined && !(value > range.above)) ||
    (range.atLeast !== undefined && !(value >= range.atLeast)) ||
    (range.below !== undefined && !(value < range.below)) ||
    (range.atMost !== undefined && !(value <= range.atMost))
  );

/** Whether one stored value matches: the rules that every store keeps to. */
export const matchesValue = (value: IndexValue, predicate: ValuePredicate): boolean => {
  if (value.param !== predicate.param) return false;
  switch (predicate.kind) {
    case 'token':
      return value.kind === 'token' && token(value, predicate.match);
    case 'string':
      return value.kind === 'string' && text(predicate, value.exact, value.folded);
    case 'date':
      return value.kind === 'date' && within(predicate.range, value.low, value.high);
    case 'number':
      return value.kind === 'number' && numeric(value, predicate);
    case 'quantity':
      return value.kind === 'quantity' && quantity(value, predicate);
    case 'reference':
      return value.kind === 'reference' && reference(value, predicate.target);
    case 'uri':
      return value.kind === 'uri' && uri(value.value, predicate);
    case 'fulltext':
      return value.kind === 'fulltext' && says(value.words, predicate.phrase);
    default:
      return predicate satisfies never;
  }
};

const token = (value: TokenValue, match: TokenPredicate['match']): boolean => {
  switch (match.by) {
    case 'code':
      return (
        (match.system === undefined || value.system === match.system) &&
        (match.code === undefined || value.code === match.code)
      );
    case 'text':
      return value.text?.startsWith(match.folded) ?? false;
    case 'of-type':
      return (
        value.code === match.value &&
        (value.ofType ?? []).some(
          (type) => type.code === match.code && (match.system === undefined || type.system === match.system),
        )
      );
    default:
      return match satisfies never;
  }
};

const text = ({ match, value }: StringPredicate, exact: string, folded: string): boolean => {
  switch (match) {
    case 'exact':
      return exact === value;
    case 'equals':
      return folded === value;
    case 'starts':
      return folded.startsWith(value);
    case 'ends':
      return folded.endsWith(value);
    case 'contains':
      return folded.includes(value);
    default:
      return match satisfies never;
  }
};

const says = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.some((_, at) => phrase.every((word, n) => words[at + n] === word));

const numeric = (
  stored: { readonly value: number; readonly low: number; readonly high: number },
  { range, value }: { readonly range?: Range; readonly value?: ValueRange },
): boolean =>
  (range === undefined || within(range, stored.low, stored.high)) &&
  (value === undefined || exactly(value, stored.value));

const quantity = (stored: QuantityValue, predicate: QuantityPredicate): boolean => {
  const { unit } = predicate;
  switch (unit?.by) {
    case undefined:
      return numeric(stored, predicate);
    case 'coded':
      return stored.system === unit.system && stored.code === unit.code && numeric(stored, predicate);
    case 'any-system':
      return (stored.code === unit.code || stored.unit === unit.code) && numeric(stored, predicate);
    case 'system':
      return stored.system === unit.system && numeric(stored, predicate);
    case 'canonical':
      return stored.canonical?.unit === unit.unit && numeric(stored.canonical, predicate);
    default:
      return unit satisfies never;
  }
};

const reference = (value: ReferenceValue, target: ReferencePredicate['target']): boolean => {
  switch (target.by) {
    case 'local':
      return (
        value.id === target.id &&
        (target.type === undefined || value.type === target.type) &&
        (target.version === undefined || value.version === target.version)
      );
    case 'type':
      return value.type === target.type;
    case 'url':
      return value.url === target.url;
    case 'identifier':
      return (
        value.identifier !== undefined &&
        (target.system === undefined || value.identifier.system === target.system) &&
        (target.value === undefined || value.identifier.value === target.value)
      );
    default:
      return target satisfies never;
  }
};

const uri = (value: string, predicate: UriPredicate): boolean => {
  if (predicate.match === 'exact') return value === predicate.value;
  return predicate.match === 'below' ? value.startsWith(predicate.value) : predicate.value.startsWith(value);
};
