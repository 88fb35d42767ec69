import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Json, type Resource } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { readable } from '../../src/interactions/visible.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';

/** The definition that the operation is called on or is sent; undefined where neither. Throws Problem where it is not valid. */
export async function givenDefinition(
  call: Call & { readonly target: OperationTarget },
  sent: Json | undefined,
): Promise<Resource | undefined> {
  if (call.target.level === 'instance') return storedResource(await readable(call, call.target.key));
  if (!isResource(sent)) return undefined;
  const issues = call.world.validate(sent);
  const wrong = issues.find(({ severity }) => severity === 'error' || severity === 'fatal');
  if (wrong !== undefined) throw new Problem('invalid', wrong.diagnostics, { issues });
  return sent;
}
