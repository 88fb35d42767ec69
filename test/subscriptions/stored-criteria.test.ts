import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { subscriptionHost } from '../../src/interactions/subscription-host.ts';
import { SubscriptionService } from '../../src/subscriptions/service.ts';
import { type Asking, type Living, living, observation } from '../interactions/living.ts';
import { listener } from './listener.ts';

const SET = 'http://clinic.test/ValueSet/watched';
const SYSTEM = 'http://clinic.test/codes';
const OWNER: Asking = { scope: 'user/Subscription.cruds user/Observation.rs user/ValueSet.rs', client: 'app' };

let it: Living;
const stops: (() => void | Promise<void>)[] = [];
beforeEach(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
  const service = new SubscriptionService(subscriptionHost(it.world), 20);
  await service.start();
  stops.push(() => service.stop());
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await it.stop();
});

const watch = (...codes: string[]) =>
  it.ask('PUT', 'ValueSet/watched', {
    resourceType: 'ValueSet',
    id: 'watched',
    url: SET,
    status: 'active',
    compose: { include: [{ system: SYSTEM, concept: codes.map((code) => ({ code })) }] },
  });
const post = (code: string) =>
  it.ask('POST', 'Observation', observation('p', { code: { coding: [{ system: SYSTEM, code }] } }));
const subscribe = async (endpoint: string, asking: Asking): Promise<string> => {
  const channel = { type: 'rest-hook', endpoint, payload: 'application/fhir+json' };
  const criteria = `Observation?code:in=${SET}`;
  const subscription = { resourceType: 'Subscription', status: 'requested', reason: 'test', criteria, channel };
  return (await it.ask('POST', 'Subscription', subscription, asking)).body.id;
};
/** The Subscription once the server has moved it to the status. */
const moved = async (id: string, status: string) => {
  for (;;) {
    const { body } = await it.ask('GET', `Subscription/${id}`);
    if (body.status === status) return body;
    await turn();
  }
};

test('criteria go by a stored value set, as it is now', async () => {
  const { url, arrived, until, stop } = await listener();
  stops.push(stop);
  await watch('a');
  const id = await subscribe(url, OWNER);
  await moved(id, 'active');
  for (const code of ['b', 'a']) await post(code);
  await until(({ length }) => length === 1);
  await watch('b');
  for (const code of ['a', 'b']) await post(code);
  await until(({ length }) => length === 2);
  expect(arrived.map(({ body }) => body?.code.coding[0].code)).toEqual(['a', 'b']);
  await it.ask('DELETE', 'ValueSet/watched');
  expect((await moved(id, 'error')).error).toContain(SET);
});

test('criteria do not go by a stored value set that the owner may not search', async () => {
  await watch('a');
  const id = await subscribe('http://127.0.0.1:1/', { ...OWNER, scope: 'user/Subscription.cruds user/Observation.rs' });
  expect((await moved(id, 'error')).error).toContain('is not known here');
});
