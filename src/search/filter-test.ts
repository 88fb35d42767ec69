import type { SearchParameterDefinition } from '../conformance/registry.ts';
import { resourceId } from '../fhir/ids.ts';
import { refuse } from './asked.ts';
import { lastUpdatedPredicate, searchedInterval } from './date.ts';
import type { Operator } from './filter-syntax.ts';
import { fold } from './fold.ts';
import { and, type Predicate, type StringPredicate } from './query.ts';
import { definitionsOf, type SearchScope } from './search-scope.ts';
import { missing, predicateMaker } from './value-predicate.ts';

type Match = StringPredicate['match'];
const STRING: Readonly<Partial<Record<Operator, Match>>> = { eq: 'equals', co: 'contains', sw: 'starts', ew: 'ends' };
const ORDERED = new Set<Operator>(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);
/** Operators of tokens as the modifiers that ask the same. */
const MODIFIERS: Readonly<Partial<Record<Operator, string>>> = { in: 'in', ni: 'in', ss: 'above', sb: 'below' };
const NEGATED = new Set<Operator>(['ne', 'ni']);

/**
 * One comparison of a filter. `ne` and `ni` hold of resources that have values of the parameter, none of which is equal
 * or in the set; of ordered values, where one of them is unequal, as the prefix has it. Strings compare without case and accents.
 */
export const filterTest = (scope: SearchScope, code: string, operator: Operator, value: string): Predicate => {
  if (code === '_id') return ids(scope, operator, value);
  if (code === '_lastUpdated' && ORDERED.has(operator))
    return lastUpdatedPredicate(asked(scope, code, `${operator}${value}`), scope.now);
  const definitions = definitionsOf(scope, code);
  const [definition] = definitions;
  if (definition === undefined) return { kind: 'none' };
  if (operator === 'pr') return presence(scope, definition, value);
  const ask = predicateMaker(scope, definitions, definition);
  switch (definition.type) {
    case 'number':
    case 'quantity':
    case 'date':
      if (ORDERED.has(operator)) return ask(asked(scope, code, `${operator}${value}`));
      if (operator !== 'po' || definition.type !== 'date') return inapplicable(scope, definition, operator);
      return overlap(scope, code, value);
    case 'string':
      return positive(scope, definition, operator, (it) => {
        const match = STRING[it] ?? inapplicable(scope, definition, operator);
        const folded = fold(value);
        return folded === ''
          ? refuse(scope.name, `white space alone cannot be compared with '${code}'`)
          : { kind: 'string', param: code, match, value: folded };
      });
    case 'uri':
      return positive(scope, definition, operator, (it) => {
        if (it !== 'eq' && it !== 'sw') return inapplicable(scope, definition, operator);
        return { kind: 'uri', param: code, match: it === 'eq' ? 'exact' : 'below', value };
      });
    case 'token':
      return positive(scope, definition, operator, (it) => {
        const modifier = MODIFIERS[it];
        if (modifier === undefined && it !== 'eq') return inapplicable(scope, definition, operator);
        return ask({ ...asked(scope, code, escaped(value)), modifier });
      });
    case 'reference':
      return positive(scope, definition, operator, (it) =>
        it === 'eq' || it === 're'
          ? ask(asked(scope, code, escaped(value)))
          : inapplicable(scope, definition, operator),
      );
    case 'composite':
    case 'special':
      return refuse(scope.name, `'${code}' cannot stand in a filter: name the parameters it is made of`);
    default:
      return definition.type satisfies never;
  }
};

/** What parameters split at stays as it is in a filter. */
const escaped = (value: string): string => value.replace(/[\\,$]/g, '\\$&');

const asked = ({ name }: SearchScope, param: string, value: string) => ({ param, name, modifier: undefined, value });

const inapplicable = (scope: SearchScope, { code, type }: SearchParameterDefinition, operator: Operator): never =>
  refuse(scope.name, `operator ${operator} does not apply to '${code}', a ${type} parameter`);

/** The operator itself, or for `ne` and `ni` that a value is there and none fits. */
const positive = (
  scope: SearchScope,
  definition: SearchParameterDefinition,
  operator: Operator,
  ask: (operator: Operator) => Predicate,
): Predicate => {
  if (!NEGATED.has(operator)) return ask(operator);
  return and(missing(scope, definition, 'false'), { kind: 'not', of: ask(operator === 'ne' ? 'eq' : 'ni') });
};

const presence = (scope: SearchScope, definition: SearchParameterDefinition, value: string): Predicate => {
  if (value !== 'true' && value !== 'false')
    return refuse(scope.name, `operator pr takes true or false, not '${value}'`);
  return missing(scope, definition, value === 'true' ? 'false' : 'true');
};

const overlap = (scope: SearchScope, code: string, value: string): Predicate => {
  const { low, high } = searchedInterval(scope.name, value);
  return { kind: 'date', param: code, range: { highAtLeast: low, lowAtMost: high } };
};

const ids = (scope: SearchScope, operator: Operator, value: string): Predicate => {
  if (operator === 'pr') return presenceOfAll(scope, value);
  const id = resourceId(value.slice(value.lastIndexOf('/') + 1)) ?? refuse(scope.name, `'${value}' is no id`);
  const is: Predicate = { kind: 'id', ids: [id] };
  if (operator === 'eq') return is;
  return operator === 'ne'
    ? { kind: 'not', of: is }
    : refuse(scope.name, `operator ${operator} does not apply to '_id'; use eq or ne`);
};

const presenceOfAll = (scope: SearchScope, value: string): Predicate =>
  value === 'true' || value === 'false'
    ? { kind: value === 'true' ? 'all' : 'none' }
    : refuse(scope.name, `operator pr takes true or false, not '${value}'`);
