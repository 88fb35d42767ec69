import type { ResourceKey } from '../../src/fhir/ids.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { versionSatisfies } from '../../src/interactions/satisfied.ts';
import { readable } from '../../src/interactions/visible.ts';
import { type Cited, citedIn, documentBundle } from '../../src/operation/document.ts';
import { type InputOf, operation, type OperationCall } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import { definition } from './definition.ts';

const MOST = 1000;

/** `Composition/[id]/$document` and `Composition/$document?id=…`. */
export const document = operation(definition, async (call) => {
  if (call.input.persist === true)
    throw new Problem('not-supported', 'persist=true is not served: create the Bundle from what is returned', {
      expression: ['persist'],
    });
  const { world } = call;
  const composition = await readable(call, compositionOf(call));
  const cited = citedIn(storedResource(composition), world.base);
  if (cited.length > MOST)
    throw new Problem(
      'too-costly',
      `The Composition refers to ${cited.length} resources; documents have ${MOST} at most`,
    );
  const versions = [composition];
  for (const one of cited)
    if (one.type !== 'Composition' || one.id !== composition.id) versions.push(await included(call, one));
  await recordAccess(call, { interaction: 'operation', entities: versions, description: '$document' });
  const entries = versions.map((version) => ({
    fullUrl: `${world.base}/${version.type}/${version.id}`,
    resource: storedResource(version),
  }));
  return outputAnswer(definition, { return: documentBundle(world, entries) });
});

function compositionOf({ target, input, world }: OperationCall<InputOf<typeof definition>>): ResourceKey {
  if (target.level === 'instance') return target.key;
  const { id } = input;
  if (id === undefined) throw new Problem('invalid', "State the 'id' of the Composition", { expression: ['id'] });
  const parsed = parseReference(id.includes('/') ? id : `Composition/${id}`, world.base);
  if (parsed?.kind === 'local' && parsed.type === 'Composition') return { type: parsed.type, id: parsed.id };
  throw new Problem('invalid', `'${id}' is no Composition of this server`, { expression: ['id'] });
}

/** A document is whole or there is none (documents.html#content): what the caller may not see cannot be left out. */
async function included(call: Call, { type, id, version }: Cited): Promise<StoredVersion> {
  try {
    return version === null ? await readable(call, { type, id }) : await readableVersion(call, { type, id }, version);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.kind, `The document would not be whole: ${error.message}`, { cause: error });
  }
}

async function readableVersion(call: Call, key: ResourceKey, version: string): Promise<StoredVersion> {
  const where = permitted(call.caller, 'r', key.type);
  const found = /^[1-9]\d{0,14}$/.test(version) ? await call.world.store.vread(key, Number(version)) : undefined;
  if (found !== undefined && !found.deleted && versionSatisfies(call.world, where, found)) return found;
  throw new Problem('not-found', `${key.type}/${key.id} has no version '${version}'`);
}
