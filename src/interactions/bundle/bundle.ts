import { type Issue, Problem } from '../../fhir/problem.ts';
import { isObject, type Json, listOf, type Resource } from '../../fhir/resource.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { bodyResource, refuseInvalid } from '../draft.ts';
import { type BundleKey, onceKey } from '../once.ts';
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
  refuseInvalid(call.world.validate(withoutContent(resource)).filter(isOurs));
  const key = keyOf(call, resource, entries);
  return type === 'transaction' ? transaction(call, entries, key) : batch(call, entries, key?.key);
}

/** The Bundle without the resources of its entries, which are validated as they are written; that it has none is no error (http.html#trules). */
const withoutContent = (bundle: Resource): Resource => ({ ...bundle, entry: contentless(bundle['entry']) });
function contentless(entry: Json | undefined): Json | undefined {
  if (!Array.isArray(entry)) return entry;
  return entry.length === 0
    ? undefined
    : listOf(entry).map((it) => (isObject(it) ? { ...it, resource: undefined } : it));
}

/** That a fullUrl is there twice (bdl-7) is told where it matters, with the entry. */
const isOurs = ({ diagnostics }: Issue): boolean => !diagnostics.includes('(bdl-7)');

/**
 * What tells a retry from a new Bundle: the client's key, the Bundle's identifier, or, where it creates, its content. A
 * batch repeats all but its creates; a transaction is one, so it may update besides, but not patch or delete.
 */
function keyOf(call: Call, { type, identifier }: Resource, entries: readonly BundleEntry[]): BundleKey | undefined {
  const stated = call.request.headers('idempotency-key');
  if (stated !== undefined) return { key: onceKey(call, 'bundle', stated), ofContent: false };
  if (isObject(identifier) && typeof identifier['value'] === 'string') {
    const key = onceKey(call, 'identifier', String(identifier['system'] ?? ''), identifier['value']);
    return { key, ofContent: false };
  }
  const { body } = call.request;
  if (body === undefined || !entries.some(isCreate)) return undefined;
  if (type === 'transaction' && !entries.every((entry) => isCreate(entry) || isRepeatable(entry))) return undefined;
  return { key: onceKey(call, 'creates', body), ofContent: true };
}

const isCreate = ({ method, segments }: BundleEntry): boolean => method === 'POST' && segments.length === 1;
const isRepeatable = ({ method, segments }: BundleEntry): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'PUT' && segments.length === 2);
