import type { Registry } from '../conformance/registry.ts';
import { refuse, unsupported } from './asked.ts';
import { elementsNamed } from './element-names.ts';
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
  /** Whether contained resources are searched, beside others or alone (search.html#contained). */
  readonly contained: (typeof CONTAINED)[number];
  /** What then is given: the container, or the contained resource alone. */
  readonly containedType: (typeof CONTAINED_TYPES)[number];
  readonly format?: string;
  readonly pretty: boolean;
  /** The signed position of a page link, still to be opened. */
  readonly page?: string;
  /** `__explain`: the plan instead of the answer. */
  readonly explain: boolean;
}

/** What `_summary` may be (search.html#summary). */
export const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
/** What `_contained` may be (search.html#contained). */
export const CONTAINED = ['false', 'true', 'both'] as const;
/** What `_containedType` may be. */
export const CONTAINED_TYPES = ['container', 'contained'] as const;
/** What `_total` may be (search.html#total). */
export const TOTALS = ['none', 'estimate', 'accurate'] as const;
/** Aidbox's word for `_total`; its client fhirpy counts by it. */
const TOTAL_METHODS = { none: 'none', estimate: 'estimate', count: 'accurate' } as const;
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
    contained: 'false',
    containedType: 'container',
    pretty: false,
    explain: false,
  };
  return {
    read: (code: ResultParameter, modifier: string | undefined, name: string, value: string): void => {
      const takesModifier = code === '_include' || code === '_revinclude';
      if (modifier !== undefined && !takesModifier) refuse(name, `modifier :${modifier} does not apply to ${code}`);
      if (seen.has(code) && !REPEATED.has(code)) refuse(name, 'it may be given once only');
      const next = { ...current, ...readOne(reading, current, code, modifier, name, value) };
      if (next.summary === 'text' && next.includes.length + next.revincludes.length > 0)
        refuse(name, '_summary=text cannot be mixed with _include and _revinclude');
      current = next;
      seen.add(code);
    },
    done: (): Presentation => {
      // "Treated the same as _summary=count" (search.html#count).
      const summary = current.count === 0 ? 'count' : current.summary;
      return { ...current, summary, total: summary === 'count' ? 'accurate' : current.total };
    },
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
      const { terminology } = registry;
      const budget = { left: BUDGET };
      const scope = { registry, terminology, base: '', now: 0, name, types, depth: 0, budget };
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
      return { elements: [...(current.elements ?? []), ...elementsNamed(registry, types, name, value)] };
    case '_total':
      return { total: oneOf(name, value, TOTALS) };
    case '_totalMethod':
      return { total: TOTAL_METHODS[oneOf(name, value, ['none', 'estimate', 'count'])] };
    case '_contained':
      return { contained: searchedContained(name, value, types) };
    case '_containedType':
      return { containedType: oneOf(name, value, CONTAINED_TYPES) };
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

const searchedContained = (name: string, value: string, types: readonly string[]): (typeof CONTAINED)[number] => {
  const contained = oneOf(name, value, CONTAINED);
  if (contained === 'false' || types.length === 1) return contained;
  return unsupported(name, 'contained resources are searched one type at a time: GET [type]?_contained=…');
};

const counted = (name: string, value: string, most: number): { count: number } => {
  if (!/^\d+$/.test(value)) return refuse(name, `'${value}' is no whole number`);
  return { count: Math.min(Number(value), most) };
};
