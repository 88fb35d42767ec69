import type { Registry } from '../conformance/registry.ts';
import { refuse, unsupported } from './asked.ts';
import { type Include, parseInclude } from './include.ts';
import type { Query, Sort } from './query.ts';
import type { ResultParameter } from './result-parameters.ts';
import { BUDGET } from './search-scope.ts';
import { parseSort } from './sort.ts';

/** How the answer to a search is to look (search.html#return). */
export interface Presentation {
  readonly sort: readonly Sort[];
  readonly count: number;
  readonly total: Query['total'];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false';
  readonly elements?: readonly string[];
  readonly format?: string;
  readonly pretty: boolean;
  /** The signed position of a page link, still to be opened. */
  readonly page?: string;
  /** `__explain`: the plan instead of the answer. */
  readonly explain: boolean;
}

const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
const TOTALS = ['none', 'estimate', 'accurate'] as const;
const REPEATED = new Set<ResultParameter>(['_include', '_revinclude', '_elements', '_sort']);

const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T =>
  allowed.find((it) => it === value) ?? refuse(name, `'${value}' is not one of ${allowed.join(', ')}`);

interface Reading {
  readonly registry: Registry;
  readonly types: readonly string[];
  readonly maxCount: number;
}

/** Collects result parameters one by one; each but includes, sort and elements at most once. */
export const presentationReader = (
  registry: Registry,
  types: readonly string[],
  limits: { readonly maxCount: number; readonly defaultCount: number },
) => {
  const seen = new Set<string>();
  const reading = { registry, types, maxCount: limits.maxCount };
  let current: Presentation = {
    sort: [],
    count: limits.defaultCount,
    total: 'none',
    includes: [],
    revincludes: [],
    summary: 'false',
    pretty: false,
    explain: false,
  };
  return {
    read: (code: ResultParameter, modifier: string | undefined, name: string, value: string): void => {
      const takesModifier = code === '_include' || code === '_revinclude';
      if (modifier !== undefined && !takesModifier) refuse(name, `modifier :${modifier} does not apply to ${code}`);
      if (seen.has(code) && !REPEATED.has(code)) refuse(name, 'it may be given once only');
      current = { ...current, ...readOne(reading, current, code, modifier, name, value) };
      seen.add(code);
    },
    done: (): Presentation => ({ ...current, total: current.summary === 'count' ? 'accurate' : current.total }),
  };
};

const readOne = (
  { registry, types, maxCount }: Reading,
  current: Presentation,
  code: ResultParameter,
  modifier: string | undefined,
  name: string,
  value: string,
): Partial<Presentation> => {
  switch (code) {
    case '_sort': {
      const scope = { registry, base: '', now: 0, name, types, depth: 0, budget: { left: BUDGET } };
      return { sort: [...current.sort, ...parseSort(scope, value)] };
    }
    case '_count':
      return counted(name, value, maxCount);
    case '_include':
      return { includes: [...current.includes, parseInclude(registry, name, modifier, value)] };
    case '_revinclude':
      return { revincludes: [...current.revincludes, parseInclude(registry, name, modifier, value)] };
    case '_summary':
      return { summary: oneOf(name, value, SUMMARIES) };
    case '_elements':
      return { elements: [...(current.elements ?? []), ...elementNames(name, value)] };
    case '_total':
      return { total: oneOf(name, value, TOTALS) };
    case '_contained':
      if (oneOf(name, value, ['false', 'true', 'both']) === 'false') return {};
      return unsupported(name, 'contained resources are not searched by this server');
    case '_containedType':
      oneOf(name, value, ['container', 'contained']);
      return {};
    case '_format':
      return { format: value };
    case '_pretty':
      return { pretty: oneOf(name, value, ['true', 'false']) === 'true' };
    case '__explain':
      return { explain: oneOf(name, value, ['true', 'false']) === 'true' };
    case '_page':
      return { page: value };
    case '_type':
      return {};
    default:
      return code satisfies never;
  }
};

/** A count of 0 means the same as `_summary=count` (search.html#count). */
const counted = (name: string, value: string, most: number): { count: number; summary?: 'count' } => {
  if (!/^\d+$/.test(value)) return refuse(name, `'${value}' is no whole number`);
  const count = Number(value);
  return count === 0 ? { count, summary: 'count' } : { count: Math.min(count, most) };
};

const elementNames = (name: string, value: string): readonly string[] => {
  const names = value.split(',').map((it) => it.trim());
  const wrong = names.find((it) => !/^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$/.test(it));
  return wrong === undefined ? names : refuse(name, `'${wrong}' is no element name`);
};
