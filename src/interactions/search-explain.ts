import type { Query } from '../search/query.ts';
import type { Answer } from './answer.ts';
import type { Call } from './context.ts';
import type { Scope } from './search-scope.ts';

/** `__explain`: how the store would find it. */
export async function explained(call: Call, query: Query, scopes: readonly Scope[]): Promise<Answer> {
  const plans = await Promise.all(
    scopes.map(({ types, where }) => call.world.store.explain({ ...query, types, where })),
  );
  const parameter = plans.map((plan) => ({ name: 'plan', valueString: JSON.stringify(plan) }));
  return { status: 200, headers: {}, body: { kind: 'resource', resource: { resourceType: 'Parameters', parameter } } };
}
