import type { Registry } from '../conformance/registry.ts';
import type { Terminology } from '../conformance/terminology/terminology.ts';
import { refuse, unsupported } from './asked.ts';
import { chain, deeper, referenceDefinitions } from './chain.ts';
import { lastUpdatedPredicate } from './date.ts';
import { strayBackslash, unescaped } from './escape.ts';
import { filterPredicate } from './filter.ts';
import { fulltextPredicate } from './fulltext.ts';
import { MISSING } from './modifiers.ts';
import { hasName, parameterName } from './parameter-name.ts';
import { and, or, type Predicate } from './query.ts';
import { remembered } from './remembered-criteria.ts';
import { BUDGET, definitionsOf, type SearchScope, spend, targetTypes } from './search-scope.ts';
import { alternatives, valuePredicate } from './value-predicate.ts';

/** A search parameter as it came: name with modifiers and chain, value with escapes. */
export type SearchPair = readonly [name: string, value: string];

export interface CriteriaOptions {
  /** This server's FHIR base, to know its own references by. */
  readonly base?: string;
  /** Milliseconds UTC; now, where absent. */
  readonly now?: number;
  /** Code systems and value sets to go by; those of the registry, where absent. */
  readonly terminology?: Terminology;
}

/**
 * The conjunction of criteria without result parameters: what conditional interactions, granular scopes and Subscriptions
 * are made of. @throws Problem `unknown-parameter`, `invalid-search`, `not-supported` or `too-costly`, naming the parameter.
 */
export const parseCriteria = (
  registry: Registry,
  types: readonly string[],
  params: readonly SearchPair[],
  options: CriteriaOptions = {},
): Predicate => {
  const read = criteriaReader(registry, types, options);
  return and(...params.map(([name, value]) => read(name, value)));
};

/** Reads one parameter after another, within one budget for all of them. */
export const criteriaReader = (registry: Registry, types: readonly string[], options: CriteriaOptions) => {
  const budget = { left: BUDGET };
  const { now = Date.now(), base = '', terminology = registry.terminology } = options;
  return (name: string, value: string): Predicate => {
    if (/[\0\uFFFD]/.test(value)) return refuse(name, 'its value holds characters that are no text');
    const stray = value.includes('\\') && name !== '_filter' ? strayBackslash(value) : undefined;
    if (stray !== undefined)
      return refuse(name, `'${stray}' is no escape: only , | $ and \\ follow a backslash, and \\\\ is a backslash`);
    const scope = { registry, base, now, terminology, name, types, depth: 0, budget };
    return remembered(scope, name, value, () => predicateOf(scope, name, value));
  };
};

const predicateOf = (scope: SearchScope, key: string, value: string): Predicate => {
  spend(scope, 1);
  if (key === '_has' || key.startsWith('_has:')) return reverseChain(scope, key, value);
  const name = parameterName(key) ?? refuse(scope.name, `'${key}' is no parameter name`);
  const { code, modifier, rest } = name;
  if (rest !== undefined) return chain(scope, code, modifier, rest, (target) => predicateOf(target, rest, value));
  switch (code) {
    case '_id':
      return ids(scope, modifier, value);
    case '_lastUpdated':
      if (modifier === MISSING) return neverMissing(scope, value);
      return or(
        ...alternatives(scope, value).map((it) =>
          lastUpdatedPredicate({ param: code, name: scope.name, modifier, value: it }, scope.now),
        ),
      );
    case '_list':
      return inList(scope, modifier, value);
    case '_text':
    case '_content':
      return fulltext(scope, code, modifier, value);
    case '_filter':
      if (modifier !== undefined) return refuse(scope.name, `modifier :${modifier} does not apply to _filter`);
      return filterPredicate(scope, value);
    case '_query':
      return unsupported(scope.name, 'this server has no named queries; state the criteria themselves');
    default:
      return valuePredicate(scope, definitionsOf(scope, code), modifier, value);
  }
};

/** Every resource has an id and a time of change. */
const neverMissing = (scope: SearchScope, value: string): Predicate => {
  if (value !== 'true' && value !== 'false') return refuse(scope.name, `:missing takes true or false, not '${value}'`);
  return { kind: value === 'true' ? 'none' : 'all' };
};

const ids = (scope: SearchScope, modifier: string | undefined, value: string): Predicate => {
  if (modifier === MISSING) return neverMissing(scope, value);
  if (modifier !== undefined && modifier !== 'not')
    return refuse(scope.name, `modifier :${modifier} does not apply to _id`);
  const is: Predicate = { kind: 'id', ids: alternatives(scope, value).map(unescaped) };
  return modifier === 'not' ? { kind: 'not', of: is } : is;
};

/** Several texts are alternatives, as the values of any parameter. */
const fulltext = (
  scope: SearchScope,
  code: '_text' | '_content',
  modifier: string | undefined,
  value: string,
): Predicate => {
  if (modifier !== undefined) return refuse(scope.name, `modifier :${modifier} does not apply to ${code}`);
  return or(...alternatives(scope, value).map((it) => fulltextPredicate(scope, code, unescaped(it))));
};

/** Resources that are items of the List (search.html#list). */
const inList = (scope: SearchScope, modifier: string | undefined, value: string): Predicate => {
  if (modifier !== undefined) return refuse(scope.name, `modifier :${modifier} does not apply to _list`);
  const lists = alternatives(scope, value).map((it) => unescaped(it).replace(/^List\//, ''));
  if (lists.some((it) => it.startsWith('$')))
    return unsupported(
      scope.name,
      `functional lists such as ${lists.find((it) => it.startsWith('$'))} are not kept by this server; name a List by its id`,
    );
  return { kind: 'has', source: 'List', param: 'item', where: { kind: 'id', ids: lists } };
};

const reverseChain = (scope: SearchScope, key: string, value: string): Predicate => {
  const name = hasName(key) ?? refuse(scope.name, '_has is written _has:[type]:[reference]:[parameter]');
  const { source, reference, rest } = name;
  if (!scope.registry.isResourceType(source)) return refuse(scope.name, `'${source}' is no resource type`);
  const from = deeper(scope, [source]);
  const targets = targetTypes(scope.registry, referenceDefinitions(from, reference));
  const missed = scope.types.filter((type) => !targets.includes(type));
  if (missed.length > 0) return refuse(scope.name, `'${reference}' of ${source} cannot point at ${missed.join(', ')}`);
  return { kind: 'has', source, param: reference, where: predicateOf(from, rest, value) };
};
