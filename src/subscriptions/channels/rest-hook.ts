import { Problem } from '../../fhir/problem.ts';
import type { ActiveSubscription } from '../active-subscription.ts';

/** Milliseconds that a subscriber has to answer. */
const PATIENCE = 10_000;

/**
 * Sends one notification (subscription.html#rest-hook): a POST to the endpoint, with the resource where the Subscription
 * asks for a payload, empty otherwise. Redirects are not followed: the owner named this endpoint and no other.
 * @throws Problem `unavailable` where the subscriber does not answer 2xx.
 */
export async function sendRestHook(
  subscription: ActiveSubscription,
  eventId: string,
  resource: Buffer | undefined,
): Promise<void> {
  const headers = new Headers(subscription.headers.map(([name, value]) => [name, value]));
  headers.set('x-notification-id', eventId);
  if (resource) headers.set('content-type', 'application/fhir+json');
  try {
    const response = await fetch(subscription.endpoint, {
      method: 'POST',
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
      ...(resource && { body: new Uint8Array(resource) }),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Problem('unavailable', `the endpoint answered ${response.status}`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Problem('unavailable', `the endpoint could not be reached: ${cause}`, { cause: error });
  }
}
