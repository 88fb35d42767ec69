import { type Issue, Problem } from '../../fhir/problem.ts';
import { isObject, type Json, listOf, type Resource } from '../../fhir/resource.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { bodyResource, refuseInvalid } from '../draft.ts';
import { type BundleKey, onceKey } from '../once.ts';
import { refuseSubset } from '../plain-parameters.ts';
import { batch } from './batch.ts';
import { type BundleEntry, entriesOf } from './entries.ts';
import { transaction } from './transaction.ts';

/** `POST [base]` with a batch or transaction Bundle (http.html#transaction). */
export async function bundle(call: Call): Promise<Answer> {
  refuseSubset(call.request, 'a batch or transaction');
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
  const { entries, refused } = entriesOf(call.world, resource);
  const [first] = refused.values();
  if (type === 'transaction' && first !== undefined) throw first;
  const issues = call.world.validate(withoutContent(resource, refused)).filter(isOurs);
  refuseInvalid(type === 'batch' ? refuseEntries(issues, refused) : issues);
  const key = keyOf(call, resource, entries);
  return type === 'transaction' ? transaction(call, entries, key) : batch(call, entries, key?.key, refused);
}

/** The Bundle without the resources of its entries, which are validated as they are written; that it has none is no error (http.html#trules). */
const withoutContent = (bundle: Resource, refused: ReadonlyMap<number, Problem>): Resource => ({
  ...bundle,
  entry: contentless(bundle['entry'], refused),
});
function contentless(entry: Json | undefined, refused: ReadonlyMap<number, Problem>): Json | undefined {
  if (!Array.isArray(entry)) return entry;
  return entry.length === 0
    ? undefined
    : listOf(entry).map((it, index) =>
        refused.has(index) ? HARMLESS : isObject(it) ? { ...it, resource: undefined } : it,
      );
}
/** Stands in for an entry that is refused by itself, so that the others keep their places. */
const HARMLESS = { request: { method: 'GET', url: 'metadata' } };

/** Takes the issues of single entries to those: "an error in one does not affect the others" (http.html#brules). Returns the rest. */
function refuseEntries(issues: readonly Issue[], refused: Map<number, Problem>): readonly Issue[] {
  const others: Issue[] = [];
  const byEntry = new Map<number, Issue[]>();
  for (const issue of issues) {
    const index = /^Bundle\.entry\[(\d+)\]/.exec(issue.expression?.[0] ?? '')?.[1];
    const own = index === undefined ? others : (byEntry.get(Number(index)) ?? []);
    own.push(issue);
    if (index !== undefined) byEntry.set(Number(index), own);
  }
  for (const [index, own] of byEntry) {
    try {
      refuseInvalid(own);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.set(index, error);
    }
  }
  return others;
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
