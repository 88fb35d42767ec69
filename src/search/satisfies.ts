import type { IndexValue } from './index-values.ts';
import type { Predicate } from './query.ts';
import { isNear } from './near.ts';
import { matchesValue, within } from './value-match.ts';
import { every, some } from './three-valued.ts';

/** What a predicate can ask of one resource without a store. */
export interface ResourceFacts {
  readonly type: string;
  readonly id: string;
  /** Milliseconds UTC. */
  readonly lastUpdated: number;
  readonly values: readonly IndexValue[];
}

/**
 * Whether the resource satisfies the predicate, by the same rules as the stores'. Undefined where that depends on other
 * resources (chain, has): who decides access must take it for no.
 */
export const satisfies = (facts: ResourceFacts, predicate: Predicate): boolean | undefined => {
  switch (predicate.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'and':
      return every(predicate.of, (part) => satisfies(facts, part));
    case 'or':
      return some(predicate.of, (part) => satisfies(facts, part));
    case 'not': {
      const holds = satisfies(facts, predicate.of);
      return holds === undefined ? undefined : !holds;
    }
    case 'id':
      return predicate.ids.includes(facts.id);
    case 'lastUpdated':
      return within(predicate.range, facts.lastUpdated, facts.lastUpdated);
    case 'missing':
      return facts.values.some((it) => it.param === predicate.param && it.kind === predicate.of) !== predicate.missing;
    case 'composite':
      return compositeHolds(facts, predicate.components);
    case 'near':
      return isNear(facts.values, predicate);
    case 'chain':
    case 'has':
      return undefined;
    case 'token':
    case 'string':
    case 'date':
    case 'number':
    case 'quantity':
    case 'reference':
    case 'uri':
    case 'fulltext':
      return facts.values.some((value) => matchesValue(value, predicate));
    default:
      return predicate satisfies never;
  }
};

const compositeHolds = (facts: ResourceFacts, components: readonly Predicate[]): boolean | undefined => {
  const params = new Set(components.flatMap(paramsOf));
  const groups = new Map<number, IndexValue[]>();
  for (const value of facts.values) {
    if (value.group === undefined || !params.has(value.param)) continue;
    const group = groups.get(value.group) ?? [];
    if (group.push(value) === 1) groups.set(value.group, group);
  }
  let any: boolean | undefined = false;
  for (const values of groups.values()) {
    const one = every(components, (component) => satisfies({ ...facts, values }, component));
    if (one === true) return true;
    if (one === undefined) any = undefined;
  }
  return any;
};

const paramsOf = (predicate: Predicate): readonly string[] => {
  if (predicate.kind === 'and' || predicate.kind === 'or') return predicate.of.flatMap(paramsOf);
  if (predicate.kind === 'not') return paramsOf(predicate.of);
  return 'param' in predicate ? [predicate.param] : [];
};
