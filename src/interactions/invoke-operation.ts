import { resourceId } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Answer } from './answer.ts';
import type { Call, ServedOperation } from './context.ts';

/** `$name` at system, type or instance level (operations.html#executing). GET only where nothing is changed. */
export async function invokeOperation(call: Call): Promise<Answer> {
  const { path, method } = call.request;
  const code = path.at(-1)?.slice(1) ?? '';
  const [type, id] = path.length > 1 ? path.slice(0, -1) : [];
  const named = call.world.operations.filter((operation) => operation.code === code);
  const operation = named.find((candidate) => servedAt(candidate, type, id, path.length));
  if (operation === undefined) throw nowhere(call, named, code);
  if (id !== undefined && resourceId(id) === undefined) throw new Problem('invalid', `'${id}' is not an id`);
  const allowed = operation.affectsState ? ['POST'] : ['GET', 'HEAD', 'POST'];
  if (!allowed.includes(method)) {
    throw new Problem('method-not-allowed', `$${code} is invoked by ${allowed.join(' or ')}`, {
      headers: { Allow: allowed.join(', ') },
    });
  }
  return operation.invoke(call, { ...(type !== undefined && { type }), ...(id !== undefined && { id }) });
}

function servedAt(
  operation: ServedOperation,
  type: string | undefined,
  id: string | undefined,
  segments: number,
): boolean {
  if (type === undefined) return operation.levels.system;
  if (segments > 3 || (operation.types !== undefined && !operation.types.includes(type))) return false;
  return id === undefined ? operation.levels.type : operation.levels.instance;
}

function nowhere(call: Call, named: readonly ServedOperation[], code: string): Problem {
  const [type] = call.request.path;
  if (type !== undefined && !type.startsWith('$') && !call.world.registry.isResourceType(type)) {
    return new Problem('unknown-type', `'${type}' is not a resource type of FHIR R4`);
  }
  if (named.length === 0) return new Problem('not-found', `There is no operation $${code}`);
  const places = named.flatMap(({ levels, types }) => [
    ...(levels.system ? [`/$${code}`] : []),
    ...(levels.type ? (types ?? ['[type]']).map((t) => `/${t}/$${code}`) : []),
    ...(levels.instance ? (types ?? ['[type]']).map((t) => `/${t}/[id]/$${code}`) : []),
  ]);
  return new Problem('not-found', `$${code} is not served here; it is at ${places.join(', ')}`);
}
