import type { Registry } from '../conformance/registry.ts';
import { Recent } from '../fhir/recent.ts';
import type { Predicate } from './query.ts';

interface Read {
  readonly predicate: Predicate;
  /** What reading it cost of the search's budget. */
  readonly spent: number;
}

const MOST = 5000;
const LONGEST = 300;
/** A parameter's code by itself: with a modifier or a chain the answer may depend on what is stored. */
const PLAIN_NAME = /^[a-z][a-z-]*$/;
/** About now (search.html#prefix `ap`): read afresh each time. */
const ABOUT = /(?:^|[,$])ap/;

// By the search parameters in use, then by the server's base.
const known = new WeakMap<object, Map<string, Recent<string, Read>>>();

/**
 * `read`, unless the same plain parameter of the same type was read lately: clients ask for the same codes and dates of
 * one patient after another. Predicates are never changed, so one may stand in many queries.
 */
export function remembered(
  { registry, base, types, budget }: RememberedScope,
  name: string,
  value: string,
  read: () => Predicate,
): Predicate {
  const [type] = types;
  if (type === undefined || types.length > 1 || value.length > LONGEST || !PLAIN_NAME.test(name) || ABOUT.test(value))
    return read();
  const mine = rememberedFor(registry.searchEpoch, base);
  const place = `${type}?${name}=${value}`;
  const before = mine.get(place);
  if (before !== undefined && before.spent <= budget.left) {
    budget.left -= before.spent;
    return before.predicate;
  }
  const { left } = budget;
  const predicate = read();
  mine.set(place, { predicate, spent: left - budget.left });
  return predicate;
}

interface RememberedScope {
  readonly registry: Registry;
  readonly base: string;
  readonly types: readonly string[];
  readonly budget: { left: number };
}

function rememberedFor(epoch: object, base: string): Recent<string, Read> {
  const ofEpoch = known.get(epoch) ?? new Map<string, Recent<string, Read>>();
  known.set(epoch, ofEpoch);
  const mine = ofEpoch.get(base) ?? new Recent<string, Read>(MOST);
  ofEpoch.set(base, mine);
  return mine;
}
