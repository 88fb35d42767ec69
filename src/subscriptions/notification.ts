import { isObject, type Json } from '../fhir/resource.ts';
import type { NewOutboxItem, StoredVersion } from '../store/store.ts';

/** The outbox kind of our items. */
const NOTIFICATION = 'subscription-notification';

/** What a queued notification holds: enough to send it, read afresh and checked again when it is sent. */
export interface Notification {
  readonly subscription: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

/** The outbox item that notifies a subscription of a version, once however often it is queued; its lane keeps a subscription's in order. */
export function notificationItem(
  subscription: string,
  { type, id, version }: StoredVersion,
  due: number,
): NewOutboxItem {
  const notification: Notification = { subscription, type, id, version };
  return {
    id: `${subscription}/${type}/${id}/${version}`,
    lane: subscription,
    kind: NOTIFICATION,
    payload: Buffer.from(JSON.stringify(notification)),
    due,
  };
}

/** What `notificationItem` queued. */
export function readNotification(payload: Json): Notification {
  const { subscription, type, id, version } = isObject(payload) ? payload : {};
  if (
    typeof subscription !== 'string' ||
    typeof type !== 'string' ||
    typeof id !== 'string' ||
    typeof version !== 'number'
  )
    throw new Error('an outbox item that is no notification');
  return { subscription, type, id, version };
}
