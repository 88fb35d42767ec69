import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { subscriptionHost } from '../../src/interactions/subscription-host.ts';
import { SubscriptionService } from '../../src/subscriptions/service.ts';
import { type Living, living } from '../interactions/living.ts';

let it: Living;
let service: SubscriptionService;
let subscriber: Server;
let endpoint: string;
let notified: () => void;
const notification = new Promise<void>((resolve) => {
  notified = resolve;
});
beforeAll(async () => {
  it = await living();
  subscriber = createServer((_request, response) => {
    response.end();
    notified();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => subscriber.once('listening', resolve));
  endpoint = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await service.stop();
  subscriber.close();
  await it.stop();
});

const subscription = (criteria: string) => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'test',
  criteria,
  channel: { type: 'rest-hook', endpoint },
});

test('a Subscription whose criteria are a megabyte of nonsense ends in error and holds up neither others nor a restart', async () => {
  service = new SubscriptionService(subscriptionHost(it.world));
  await service.start();
  const { body: poison } = await it.ask('POST', 'Subscription', subscription(`?${'x'.repeat(1_048_570)}`));
  await it.ask('POST', 'Subscription', subscription('Observation?code=a'));
  await it.ask('POST', 'Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code: 'a' }] },
  });
  await notification;
  const { body: seen } = await it.ask('GET', `Subscription/${poison.id}`);
  expect(seen.status).toBe('error');
  expect(seen.error).toContain('Subscription.criteria');
  await service.stop();
  const again = new SubscriptionService(subscriptionHost(it.world));
  await again.start();
  await again.stop();
});
