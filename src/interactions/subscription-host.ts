import { parseJson } from '../fhir/json.ts';
import { isResource } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import type { DeliveryHost } from '../subscriptions/delivery.ts';
import type { DispatcherHost } from '../subscriptions/dispatcher.ts';
import { SubscriptionTable } from '../subscriptions/subscription-table.ts';
import { auditRecord } from './audit-record.ts';
import type { World } from './context.ts';
import { makeDraft } from './draft.ts';
import { indexValues } from './indexing.ts';
import { withStoredDefinitions } from './stored-terminology.ts';

/** What the subscription service needs of the world: search values, the status only the server may set, the audit trail. */
export function subscriptionHost(world: World): DispatcherHost & DeliveryHost {
  return {
    store: world.store,
    table: new SubscriptionTable(world.registry, world.base, (permit, read) =>
      withStoredDefinitions({ world, caller: { permit } }, read),
    ),
    worker: world.newId(),
    now: world.now,
    log: world.log,
    factsOf: ({ type, id, lastUpdated, body }) => {
      const resource = parseJson(body);
      return {
        type,
        id,
        lastUpdated,
        values: isResource(resource) ? indexValues(world.registry, world.base, resource) : [],
      };
    },
    setStatus: (id, version, status, error) => setStatus(world, id, version, status, error),
    audit: (shown, client, outcome) => world.store.audit.append(notified(world, shown, client, outcome)),
  };
}

/** Writes the status as the server; where another version came first, that one asks for its own answer. */
async function setStatus(
  world: World,
  id: string,
  version: number | undefined,
  status: 'active' | 'error',
  error?: string,
): Promise<void> {
  const current: StoredVersion | undefined = await world.store.read({ type: 'Subscription', id });
  if (!current || current.deleted || (version !== undefined && current.version !== version)) return;
  const resource = parseJson(current.body);
  if (!isResource(resource)) return;
  const { error: _earlier, ...rest } = resource;
  const { draft } = makeDraft(
    world,
    { ...rest, resourceType: 'Subscription', status, ...(error !== undefined && { error }) },
    id,
  );
  await world.store.commit({
    changes: [{ kind: 'put', method: 'PUT', draft, expect: { kind: 'version', version: current.version } }],
  });
}

/** A notification is an access by the subscription's owner. */
function notified(world: World, { type, id, version, patient }: StoredVersion, client: string, outcome: '0' | '4') {
  const permit = {
    agent: { client, scopes: [] },
    decide: () => ({ allowed: false, reason: 'recorded only' }) as const,
  };
  const caller = { permit, requestId: world.newId(), remoteAddress: 'subscription' };
  return auditRecord(
    { world, caller },
    { interaction: 'read', entities: [{ type, id, version, patient }], outcome, description: 'notification' },
  );
}
