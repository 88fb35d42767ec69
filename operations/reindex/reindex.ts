import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import type { Call } from '../../src/interactions/context.ts';
import { permitted } from '../../src/interactions/permission.ts';
import type { CustomSearch } from '../../src/interactions/search-parameters/custom-search.ts';
import type { Reindexing } from '../../src/interactions/search-parameters/reindex.ts';
import { operation, type OperationTarget } from '../../src/operation/operation.ts';
import { reindexDefinition, reindexStatusDefinition } from './definitions.ts';

/** `[base]/$reindex` and `[base]/[type]/$reindex`. */
export const reindex = operation(reindexDefinition, async (call): Promise<Answer> => {
  const { reindexer } = customSearch(call);
  const types = typesOf(call, call.target, call.input.type);
  for (const type of types) {
    if (permitted(call.caller, 'u', type).kind === 'all') continue;
    throw new Problem('forbidden', `$reindex needs the right to update every ${type}`);
  }
  const walks = types.map((type) => reindexer.begin(call.world, type));
  if (call.input.wait) await Promise.all(walks.map(({ finished }) => finished));
  const shown = reindexer.walks.filter(({ type }) => types.includes(type));
  return answer(call.input.wait ? 200 : 202, shown);
});

/** `[base]/$reindex-status` and `[base]/[type]/$reindex-status`. It tells how many resources there are: to who may search all of them. */
export const reindexStatus = operation(reindexStatusDefinition, async (call): Promise<Answer> => {
  const { target } = call;
  const mayCount = (type: string): boolean => {
    const decision = call.caller.permit.decide('s', type);
    return decision.allowed && decision.where.kind === 'all';
  };
  if (target.level === 'type' && !mayCount(target.type))
    throw new Problem('forbidden', `$reindex-status needs the right to search every ${target.type}`);
  const walks = customSearch(call).reindexer.walks.filter(({ type }) => mayCount(type));
  return answer(200, target.level === 'type' ? walks.filter(({ type }) => type === target.type) : walks);
});

function customSearch({ world }: Call): CustomSearch {
  if (world.customSearch) return world.customSearch;
  throw new Problem('not-supported', 'This server keeps the search parameters that it was built with');
}

function typesOf(call: Call, target: OperationTarget, named: readonly string[]): readonly string[] {
  if (target.level === 'type') return [target.type];
  const { registry } = call.world;
  const unknown = named.find((type) => !registry.isResourceType(type));
  if (unknown !== undefined) throw new Problem('invalid', `'${unknown}' is no resource type`, { expression: ['type'] });
  if (named.length > 0) return [...new Set(named)];
  const waiting = registry.resourceTypes.filter((type) => customSearch(call).pendingOf(type).size > 0);
  return waiting.length > 0 ? waiting : registry.resourceTypes;
}

const answer = (status: number, walks: readonly Reindexing[]): Answer => ({
  status,
  headers: {},
  body: { kind: 'resource', resource: { resourceType: 'Parameters', parameter: walks.map(shown) } },
});

const shown = ({ type, state, done, total, parameters, error }: Reindexing): JsonObject => ({
  name: 'reindexing',
  part: [
    { name: 'type', valueCode: type },
    { name: 'state', valueCode: state },
    { name: 'done', valueInteger: done },
    { name: 'total', valueInteger: total },
    ...parameters.map((code) => ({ name: 'parameter', valueCode: code })),
    ...(error === undefined ? [] : [{ name: 'error', valueString: error }]),
  ],
});
