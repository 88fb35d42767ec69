import type { Registry } from '../conformance/registry.ts';
import { Problem } from '../fhir/problem.ts';
import { containsSome, heldUnder, isWritten } from './contained.ts';
import { and, or, type Predicate } from './query.ts';

/** Containers can be of any type, and a store asks each criterion of each type: beyond so many only their presence is asked for. */
const MOST_CRITERIA = 100;

/**
 * What a container must satisfy to contain a resource of `type` that satisfies `where`. Necessary, not sufficient: the
 * values of several contained resources stand together, so each candidate must be judged by its contained resources.
 */
export const containerCandidates = (registry: Registry, type: string, where: Predicate): Predicate => {
  const needed = necessary(registry, type, where);
  // Presence last: stores begin with the first of equally good ways in, and it is the least selective.
  return and(size(needed) > MOST_CRITERIA ? ANY : needed, containsSome(type));
};

const size = (where: Predicate): number =>
  where.kind === 'and' || where.kind === 'or' ? where.of.reduce((sum, part) => sum + size(part), 0) : 1;

const ANY: Predicate = { kind: 'all' };

const necessary = (registry: Registry, type: string, where: Predicate): Predicate => {
  switch (where.kind) {
    case 'all':
    case 'none':
      return where;
    case 'and':
      return and(...where.of.map((part) => necessary(registry, type, part)));
    case 'or':
      return or(...where.of.map((part) => necessary(registry, type, part)));
    case 'id':
      return or(
        ...where.ids.map(
          (code): Predicate => ({ kind: 'token', param: heldUnder(type, '_id'), match: { by: 'code', code } }),
        ),
      );
    case 'lastUpdated':
      // A contained resource has no meta.lastUpdated (dom-4).
      return { kind: 'none' };
    case 'missing':
      return !where.missing && isWritten(registry, type, where.param)
        ? { ...where, param: heldUnder(type, where.param) }
        : ANY;
    case 'token':
    case 'string':
    case 'date':
    case 'number':
    case 'quantity':
    case 'reference':
    case 'uri':
      return isWritten(registry, type, where.param) ? { ...where, param: heldUnder(type, where.param) } : ANY;
    case 'not':
    case 'composite':
    case 'fulltext':
    case 'near':
    case 'chain':
    case 'has':
      return ANY;
    default:
      return where satisfies never;
  }
};

/** @throws Problem `not-supported` where the predicate asks for other resources: a contained one is judged by itself. */
export const refuseLinks = (where: Predicate): void => {
  switch (where.kind) {
    case 'and':
    case 'or':
      for (const part of where.of) refuseLinks(part);
      return;
    case 'not':
      refuseLinks(where.of);
      return;
    case 'chain':
    case 'has':
      throw new Problem(
        'not-supported',
        "search parameter '_contained': chained parameters, _has and _list are not followed from or to contained resources",
        { expression: ['_contained'] },
      );
    default:
      return;
  }
};
