import { Problem } from '../../fhir/problem.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { bodyResource } from '../draft.ts';
import { onceKey } from '../once.ts';
import { batch } from './batch.ts';
import { type BundleEntry, entriesOf } from './entries.ts';
import { transaction } from './transaction.ts';

/** `POST [base]` with a batch or transaction Bundle (http.html#transaction). */
export async function bundle(call: Call): Promise<Answer> {
  const limit = call.world.limits.bodyBytes;
  const { body } = call.request;
  if (body !== undefined && body.length > limit) {
    throw new Problem('too-large', `The Bundle has ${body.length} bytes; ${limit} is the limit`);
  }
  const resource = bodyResource(call.request, 'Bundle');
  const { type } = resource;
  if (type !== 'transaction' && type !== 'batch') {
    throw new Problem(
      'invalid',
      `A Bundle of type ${JSON.stringify(type)} is no batch or transaction; to store it, POST it to /Bundle`,
      {
        expression: ['Bundle.type'],
      },
    );
  }
  const entries = entriesOf(call.world, resource);
  const key = keyOf(call, resource, entries);
  return type === 'transaction' ? transaction(call, entries, key) : batch(call, entries, key);
}

/** What tells a retry from a new Bundle: the client's key, the Bundle's identifier, or, where all are creates, its content. */
function keyOf(call: Call, { identifier }: Resource, entries: readonly BundleEntry[]): string | undefined {
  const stated = call.request.headers('idempotency-key');
  if (stated !== undefined) return onceKey(call, 'bundle', stated);
  if (isObject(identifier) && typeof identifier['value'] === 'string') {
    return onceKey(call, 'identifier', String(identifier['system'] ?? ''), identifier['value']);
  }
  const { body } = call.request;
  const creates =
    entries.length > 0 && entries.every(({ method, segments }) => method === 'POST' && segments.length === 1);
  return creates && body !== undefined ? onceKey(call, 'creates', body) : undefined;
}
