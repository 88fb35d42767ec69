import type { Registry } from '../conformance/registry.ts';
import { containsSome, heldUnder, isWritten, linkOf } from './contained.ts';
import { and, or, type Predicate } from './query.ts';

/** A chain of a search: the types it starts from, and what containers among them would be found by. */
export interface ChainLink {
  readonly sources: readonly string[];
  readonly containers: Predicate;
}

/** Every chain in the predicate, those within chains and `_has` too. */
export const chainLinks = (sources: readonly string[], where: Predicate): readonly ChainLink[] => {
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.of.flatMap((part) => chainLinks(sources, part));
    case 'not':
      return chainLinks(sources, where.of);
    case 'chain': {
      const containers = containsSome(linkOf(where.param, where.type));
      return [{ sources, containers }, ...chainLinks([where.type], where.where)];
    }
    case 'has':
      return chainLinks([where.source], where.where);
    default:
      return [];
  }
};

/**
 * The predicate with every chain followed into contained resources too (search.html#contained), as far as `mayFollow`
 * allows for the type they are of. What several contained resources are found by stands together, so that only one
 * criterion can be asked of them: a conjunction at a chain's end is judged by stored resources alone.
 */
export const intoContained = (
  registry: Registry,
  where: Predicate,
  mayFollow: (type: string) => boolean,
): Predicate => {
  const deeper = (part: Predicate): Predicate => intoContained(registry, part, mayFollow);
  switch (where.kind) {
    case 'and':
    case 'or':
      return { kind: where.kind, of: where.of.map(deeper) };
    case 'not':
      return { kind: 'not', of: deeper(where.of) };
    case 'has':
      return { ...where, where: deeper(where.where) };
    case 'chain': {
      const held = mayFollow(where.type) ? criterion(registry, where.type, where.param, where.where) : undefined;
      const stored: Predicate = { ...where, where: deeper(where.where) };
      return held === undefined ? stored : or(stored, held);
    }
    default:
      return where;
  }
};

const NONE: Predicate = { kind: 'none' };

/** Ranges of one date parameter, as `ge` and `le` are read: the same one value keeps them all. */
const oneDate = (of: readonly Predicate[]): boolean => {
  const params = new Set(of.flatMap((part) => (part.kind === 'or' ? part.of : [part])).map(dateParam));
  return params.size === 1 && !params.has(undefined);
};
const dateParam = (part: Predicate): string | undefined => (part.kind === 'date' ? part.param : undefined);

/**
 * One criterion, alternatives of it or its negation, as containers hold its values; undefined for all else. A negation
 * holds where none of what one parameter refers to matches: of several contained resources it may miss one.
 */
const criterion = (registry: Registry, type: string, param: string, where: Predicate): Predicate | undefined => {
  const link = linkOf(param, type);
  switch (where.kind) {
    case 'or': {
      const parts = where.of.map((part) => criterion(registry, type, param, part));
      const known = parts.filter((part) => part !== undefined);
      return known.length === parts.length ? or(...known) : undefined;
    }
    case 'token':
    case 'string':
    case 'date':
    case 'number':
    case 'quantity':
    case 'reference':
    case 'uri':
      return isWritten(registry, type, where.param) ? { ...where, param: heldUnder(link, where.param) } : undefined;
    case 'and':
      return oneDate(where.of)
        ? and(...where.of.map((part) => criterion(registry, type, param, part) ?? NONE))
        : undefined;
    case 'not': {
      const part = criterion(registry, type, param, where.of);
      return part && and(containsSome(link), { kind: 'not', of: part });
    }
    case 'missing': {
      if (!isWritten(registry, type, where.param)) return undefined;
      const held: Predicate = { ...where, param: heldUnder(link, where.param) };
      return where.missing ? and(containsSome(link), held) : held;
    }
    default:
      return undefined;
  }
};
