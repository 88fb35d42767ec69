import type { Registry } from '../conformance/registry.ts';
import { Problem } from '../fhir/problem.ts';
import { refuse } from './asked.ts';
import { INCLUDE_MODIFIERS } from './modifiers.ts';
import { notIndexed } from './search-scope.ts';
import { nearest } from './suggestion.ts';

/** `_include` or `_revinclude` of [source]:[param]:[target]; `*` for any type or any reference (search.html#include). */
export interface Include {
  readonly source: string;
  readonly param: string;
  /** Only references to this type. */
  readonly target?: string;
  /** Also from resources that were themselves included. */
  readonly iterate: boolean;
}

/** One reference to follow. */
export interface IncludeStep {
  readonly source: string;
  readonly param: string;
  readonly target?: string;
}

export const parseInclude = (
  registry: Registry,
  name: string,
  modifier: string | undefined,
  value: string,
): Include => {
  if (modifier !== undefined && !INCLUDE_MODIFIERS.some((known) => known === modifier)) {
    return refuse(name, `modifier :${modifier} does not apply; use :iterate`);
  }
  const iterate = modifier !== undefined;
  if (value === '*') return { source: '*', param: '*', iterate };
  const [source = '', param = '', target, ...more] = value.split(':');
  if (more.length > 0 || param === '' || target === '')
    return refuse(name, `'${value}' is malformed: use [type]:[parameter] or [type]:[parameter]:[target type]`);
  if (!registry.isResourceType(source)) return refuse(name, `'${source}' is no resource type`);
  if (target !== undefined && !registry.isResourceType(target)) return refuse(name, `'${target}' is no resource type`);
  if (param !== '*') checkReference(registry, name, source, param, target);
  return { source, param, iterate, ...(target !== undefined && { target }) };
};

const checkReference = (
  registry: Registry,
  name: string,
  source: string,
  param: string,
  target: string | undefined,
): void => {
  const definition = registry.searchParameters(source).get(param);
  if (definition?.type !== 'reference') {
    const near = nearest(
      param,
      references(registry, source).map((it) => it.code),
    );
    const meant = near === undefined ? '' : `; did you mean '${near}'?`;
    throw new Problem(
      'unknown-parameter',
      `search parameter '${name}': ${source} has no reference parameter '${param}'${meant}`,
      { expression: [name] },
    );
  }
  if (definition.pending) throw notIndexed(name, param);
  if (target !== undefined && definition.targets.length > 0 && !definition.targets.includes(target)) {
    refuse(name, `'${param}' of ${source} cannot point at ${target}`);
  }
};

const references = (registry: Registry, type: string) =>
  [...registry.searchParameters(type).values()].filter((it) => it.type === 'reference' && !it.pending);

/** References to follow forward from resources of `type`; from included ones (`again`) only where iteration is asked for. */
export const includeSteps = (
  registry: Registry,
  includes: readonly Include[],
  type: string,
  again: boolean,
): readonly IncludeStep[] =>
  unique(
    includes
      .filter((it) => (it.source === '*' || it.source === type) && (!again || it.iterate))
      .flatMap((it) => {
        const params = it.param === '*' ? references(registry, type).map(({ code }) => code) : [it.param];
        return params.map((param) => ({ source: type, param, ...(it.target !== undefined && { target: it.target }) }));
      }),
  );

/** References that may point back at resources of `type`: look for `source` whose `param` refers to them. */
export const revincludeSteps = (
  registry: Registry,
  revincludes: readonly Include[],
  type: string,
  again: boolean,
): readonly IncludeStep[] =>
  unique(
    revincludes
      .filter((it) => (it.target === undefined || it.target === type) && (!again || it.iterate))
      .flatMap((it) =>
        (it.source === '*' ? registry.resourceTypes : [it.source]).flatMap((source) =>
          pointingAt(registry, source, it.param, type),
        ),
      ),
  );

const pointingAt = (registry: Registry, source: string, param: string, type: string): readonly IncludeStep[] =>
  references(registry, source)
    .filter((it) => (param === '*' || it.code === param) && (it.targets.length === 0 || it.targets.includes(type)))
    .map((it) => ({ source, param: it.code }));

const unique = (steps: readonly IncludeStep[]): readonly IncludeStep[] => [
  ...new Map(steps.map((step) => [`${step.source} ${step.param} ${step.target ?? ''}`, step])).values(),
];
