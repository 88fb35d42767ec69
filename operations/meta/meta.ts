import { instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject, type Resource } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { commitPlan } from '../../src/interactions/commit.ts';
import type { Call } from '../../src/interactions/context.ts';
import { foundPages, storedResource } from '../../src/interactions/found-pages.ts';
import { planPatch } from '../../src/interactions/patch.ts';
import { readable } from '../../src/interactions/visible.ts';
import { operation, type OperationTarget } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import type { Predicate } from '../../src/search/query.ts';
import { metaAddDefinition, metaDefinition, metaDeleteDefinition } from './definitions.ts';
import { added, removed } from './labels.ts';

const MOST = 20_000;

/** `$meta` at system, type and instance level. */
export const meta = operation(metaDefinition, async (call) => {
  const { target } = call;
  if (target.level === 'instance')
    return outputAnswer(metaDefinition, { return: metaOf(storedResource(await readable(call, target.key))) });
  const types =
    target.level === 'type'
      ? [target.type]
      : call.world.registry.resourceTypes.filter((type) => call.caller.permit.decide('s', type).allowed);
  return outputAnswer(metaDefinition, { return: await inUse(call, types) });
});

/** `[type]/[id]/$meta-add` */
export const metaAdd = operation(metaAddDefinition, (call) =>
  changing(call, call.target, metaAddDefinition, (meta) => added(meta, labels(call.input.meta))),
);

/** `[type]/[id]/$meta-delete` */
export const metaDelete = operation(metaDeleteDefinition, (call) =>
  changing(call, call.target, metaDeleteDefinition, (meta) => removed(meta, labels(call.input.meta))),
);

const metaOf = (resource: Resource): JsonObject => (isObject(resource['meta']) ? resource['meta'] : {});

const labels = (meta: Json): JsonObject => {
  if (isObject(meta)) return meta;
  throw new Problem('invalid', 'The parameter meta is no Meta', { expression: ['meta'] });
};

const LABELLED: Predicate = {
  kind: 'or',
  of: [
    { kind: 'missing', param: '_tag', of: 'token', missing: false },
    { kind: 'missing', param: '_security', of: 'token', missing: false },
    { kind: 'missing', param: '_profile', of: 'uri', missing: false },
  ],
};

/** All labels of all resources of the types that the caller may search. */
async function inUse(call: Call, types: readonly string[]): Promise<JsonObject> {
  let all: JsonObject = {};
  let read = 0;
  const query = { types, where: LABELLED, sort: [], count: 500, total: 'none' } as const;
  for await (const page of foundPages(call, query)) {
    read += page.length;
    if (read > MOST)
      throw new Problem(
        'too-costly',
        `More than ${MOST} resources have labels; ask one type or one resource for its $meta`,
      );
    for (const version of page) {
      const { profile, security, tag } = metaOf(storedResource(version));
      all = added(all, {
        ...(profile !== undefined && { profile }),
        ...(security !== undefined && { security }),
        ...(tag !== undefined && { tag }),
      });
    }
  }
  return all;
}

/** A new version with the changed meta, or none where nothing changes; the version read must still be current. */
async function changing(
  call: Call,
  target: OperationTarget,
  definition: typeof metaAddDefinition | typeof metaDeleteDefinition,
  change: (meta: JsonObject) => JsonObject,
): Promise<Answer> {
  if (target.level !== 'instance') throw new Problem('not-supported', `$${definition.code} is called on one resource`);
  const { plan, result } = await commitPlan(call, async () => {
    const planned = await planPatch(call, target.key, (document) => {
      if (!isObject(document)) return document;
      return { ...document, meta: change(isObject(document['meta']) ? document['meta'] : {}) };
    });
    return { changes: [planned], planned };
  });
  const [written] = result.kind === 'committed' ? result.written : [];
  if (written === undefined) throw new Problem('unexpected', 'The store answered a change without a version');
  const stored = metaOf(plan.planned.drafted.resource);
  return outputAnswer(definition, {
    return: { versionId: String(written.version), lastUpdated: instantText(written.lastUpdated), ...stored },
  });
}
