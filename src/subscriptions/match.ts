import { and } from '../search/query.ts';
import { type ResourceFacts, satisfies } from '../search/satisfies.ts';
import type { ActiveSubscription } from './active-subscription.ts';

/** Whether a change notifies a subscription: its new state satisfies the criteria and is visible to the owner. Pure. */
export const notifies = (subscription: ActiveSubscription, facts: ResourceFacts, now: number): boolean =>
  subscription.type === facts.type &&
  (subscription.end === undefined || subscription.end > now) &&
  satisfies(facts, subscription.where) === true &&
  isShown(subscription, facts);

/** Whether its owner may find and read the resource as it is. What cannot be decided from it alone is not shown. Pure. */
export function isShown({ permit }: ActiveSubscription, facts: ResourceFacts): boolean {
  const search = permit.decide('s', facts.type);
  const read = permit.decide('r', facts.type);
  return search.allowed && read.allowed && satisfies(facts, and(search.where, read.where)) === true;
}
