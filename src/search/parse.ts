import type { Registry } from '../conformance/registry.ts';
import { type Issue, Problem } from '../fhir/problem.ts';
import { refuse } from './asked.ts';
import { type CriteriaOptions, criteriaReader, type SearchPair } from './criteria.ts';
import type { Include } from './include.ts';
import { parameterName } from './parameter-name.ts';
import { and, type Predicate, type Query } from './query.ts';
import { type Presentation, presentationReader } from './presentation.ts';
import { isResultParameter } from './result-parameters.ts';

export interface SearchOptions extends CriteriaOptions {
  /** `Prefer: handling`: strict refuses what it does not know, lenient leaves it out and says so. */
  readonly handling: 'strict' | 'lenient';
  readonly maxCount: number;
  readonly defaultCount: number;
}

export interface ParsedSearch extends Omit<Presentation, 'sort' | 'count' | 'total' | 'includes' | 'revincludes'> {
  readonly query: Query;
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** What lenient handling left out, one warning each. */
  readonly ignored: readonly Issue[];
  /** The parameters that were used, for the self link; without `_page`. */
  readonly self: readonly SearchPair[];
}

const MAX_PARAMETERS = 500;
const IGNORABLE = new Set(['unknown-parameter', 'invalid-search', 'not-supported']);

/**
 * Reads a whole search. `types` are the types searched: one, or at system level all, which `_type` narrows.
 * @throws Problem naming the parameter: `unknown-parameter`, `invalid-search`, `not-supported`, `too-costly`.
 */
export const parseSearch = (
  registry: Registry,
  types: readonly string[],
  params: readonly SearchPair[],
  options: SearchOptions,
): ParsedSearch => {
  if (params.length > MAX_PARAMETERS)
    throw new Problem('too-costly', `${params.length} search parameters; at most ${MAX_PARAMETERS} are answered`);
  const ignored: Issue[] = [];
  const self: SearchPair[] = [];
  const attempt = (pair: SearchPair, read: () => void): void => {
    try {
      read();
      if (pair[0] !== '_page') self.push(pair);
    } catch (error) {
      if (options.handling === 'strict' || !(error instanceof Problem) || !IGNORABLE.has(error.kind)) throw error;
      for (const issue of error.issues)
        ignored.push({ ...issue, severity: 'warning', diagnostics: `ignored: ${issue.diagnostics}` });
    }
  };
  let searched = types;
  for (const pair of params) {
    if (pair[0] !== '_type') continue;
    attempt(pair, () => {
      searched = narrowed(registry, searched, pair[1]);
    });
  }
  const where: Predicate[] = [];
  const criterion = criteriaReader(registry, searched, options);
  const presentation = presentationReader(registry, searched, options);
  for (const pair of params) {
    const [name, value] = pair;
    if (name === '_type') continue;
    const known = name.startsWith('_') ? parameterName(name) : undefined;
    const shape = known?.rest === undefined && isResultParameter(known?.code) ? known?.code : undefined;
    attempt(pair, () => {
      if (shape === undefined) where.push(criterion(name, value));
      else presentation.read(shape, known?.modifier, name, value);
    });
  }
  const { sort, count, total, ...rest } = presentation.done();
  return { ...rest, query: { types: searched, where: and(...where), sort, count, total }, ignored, self };
};

const narrowed = (registry: Registry, types: readonly string[], value: string): readonly string[] => {
  const named = [...new Set(value.split(',').map((type) => type.trim()))];
  const unknown = named.find((type) => !registry.isResourceType(type));
  if (unknown !== undefined) return refuse('_type', `'${unknown}' is no resource type`);
  const outside = named.find((type) => !types.includes(type));
  return outside === undefined ? named : refuse('_type', `${outside} is not among the types searched`);
};
