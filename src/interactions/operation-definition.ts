import { writeJson } from '../fhir/json.ts';
import type { Answer } from './answer.ts';
import type { Call } from './context.ts';
import { permitted } from './permission.ts';
import { subset, subsetOf } from './subset.ts';

/** `GET OperationDefinition/[id]` of an operation served here; undefined where it is none of ours, or a client stored its own. */
export async function readDefinition(call: Call, id: string): Promise<Answer | undefined> {
  const operation = call.world.operations.find(({ definition }) => definition.id === id);
  if (operation === undefined) return undefined;
  const stored = await call.world.store.read({ type: 'OperationDefinition', id });
  if (stored !== undefined && !stored.deleted) return undefined;
  permitted(call.caller, 'r', 'OperationDefinition');
  const body = Buffer.from(writeJson(operation.definition));
  const wanted = subsetOf(call.world.registry, call.request, ['OperationDefinition']);
  const bytes = wanted === undefined ? body : subset(call.world.registry, body, wanted);
  return { status: 200, headers: {}, body: { kind: 'bytes', bytes } };
}
