import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { subscriptionHost } from '../../src/interactions/subscription-host.ts';
import { SubscriptionService } from '../../src/subscriptions/service.ts';
import { type Asking, type Living, living, observation } from '../interactions/living.ts';
import { type Arrived, listener } from './listener.ts';

const OWNER: Asking = { scope: 'user/Subscription.cruds user/Observation.rs', client: 'app' };

let it: Living;
let clock = 0;
const stops: (() => void | Promise<void>)[] = [];
beforeEach(async () => {
  clock = 0;
  // The clock runs, and a test may put it forward.
  it = await living({ now: () => Date.now() + clock });
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await it.stop();
});

async function service(): Promise<SubscriptionService> {
  const started = new SubscriptionService(subscriptionHost(it.world), 20);
  await started.start();
  stops.push(() => started.stop());
  return started;
}
async function subscriber(status?: (arrived: Arrived) => number) {
  const made = await listener(status);
  stops.push(made.stop);
  return made;
}
const subscribe = async (endpoint: string, more: object = {}, asking = OWNER): Promise<string> => {
  const { status, body, text } = await it.ask(
    'POST',
    'Subscription',
    {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'test',
      criteria: 'Observation?code=8867-4',
      channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
      ...more,
    },
    asking,
  );
  if (status !== 201) throw new Error(text);
  return body.id;
};
const read = async (id: string) => (await it.ask('GET', `Subscription/${id}`)).body;
/** Waits for what the service does in the background; each look is a request. */
async function eventually<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    await turn();
  }
}
const status = (id: string, wanted: string) =>
  eventually(
    () => read(id),
    (subscription) => subscription.status === wanted,
  );
const post = async (value: number): Promise<string> =>
  (await it.ask('POST', 'Observation', observation('p', { valueQuantity: { value, unit: '/min' } }))).body.id;
const values = (arrived: readonly Arrived[]) => arrived.map(({ body }) => body?.valueQuantity.value);
const idle = (lane: string) =>
  eventually(
    () => it.world.store.outbox.pending(lane),
    (n) => n === 0,
  );

describe('a rest-hook subscription', () => {
  test('is moved to active by the server, and each change that fits arrives as it was stored, in order', async () => {
    await service();
    const { url, arrived, until } = await subscriber();
    await post(1);
    const id = await subscribe(url, {
      channel: { type: 'rest-hook', endpoint: url, payload: 'application/fhir+json', header: ['X-Secret: 42'] },
    });
    await status(id, 'active');
    const ids = [await post(2), await post(3), await post(4)];
    await it.ask('POST', 'Observation', observation('p', { code: { text: 'other' } }));
    await post(5);
    await until(({ length }) => length === 4);
    expect(values(arrived)).toEqual([2, 3, 4, 5]);
    expect(arrived[0]?.headers).toMatchObject({ 'content-type': 'application/fhir+json', 'x-secret': '42' });
    expect(arrived[0]?.notification).toBe(`${id}/Observation/${ids[0]}/1`);
    expect(arrived[0]?.body).toEqual((await it.ask('GET', `Observation/${ids[0]}`)).body);
  });

  test('listens from when it was asked for, not only from when it was activated', async () => {
    const { url, arrived, until } = await subscriber();
    await subscribe(url);
    await post(1);
    await service();
    await until(({ length }) => length === 1);
    expect(values(arrived)).toEqual([1]);
  });

  test('without a payload sends no body', async () => {
    await service();
    const { url, arrived, until } = await subscriber();
    await status(await subscribe(url, { channel: { type: 'rest-hook', endpoint: url } }), 'active');
    await post(1);
    await until(({ length }) => length === 1);
    expect(arrived[0]?.body).toBeUndefined();
  });

  test('that failed is tried again, and what follows waits for it', async () => {
    await service();
    let failures = 2;
    const { url, arrived, until } = await subscriber(() => (failures-- > 0 ? 503 : 200));
    const id = await subscribe(url);
    await status(id, 'active');
    await post(1);
    await post(2);
    clock += 3_600_000;
    await until(({ length }) => length === 1);
    clock += 3_600_000;
    await until(({ length }) => length === 2);
    clock += 3_600_000;
    await until(({ length }) => length === 4);
    expect(values(arrived)).toEqual([1, 1, 1, 2]);
    expect(new Set(arrived.slice(0, 3).map(({ notification }) => notification)).size).toBe(1);
    await idle(id);
  });

  test('whose endpoint fails for hours is moved to error with the reason, and no more is sent', async () => {
    await service();
    const { url, arrived } = await subscriber(() => 500);
    const id = await subscribe(url);
    await status(id, 'active');
    await post(1);
    // Time stands still while an attempt is under way: a lease that ran out meanwhile would allow another.
    let quiet = { attempts: 0, since: performance.now() };
    const failed = await eventually(
      () => {
        const now = performance.now();
        if (arrived.length > quiet.attempts) quiet = { attempts: arrived.length, since: now };
        else if (now - quiet.since > 250) {
          clock += 16 * 60_000;
          quiet = { attempts: arrived.length, since: now };
        }
        return read(id);
      },
      ({ status }) => status === 'error',
    );
    expect(failed.error).toBe('the endpoint answered 500');
    await idle(id);
    expect(arrived).toHaveLength(20);
  });

  test('a slow subscriber keeps up nobody else', async () => {
    await service();
    const slow = await subscriber(() => 200);
    const quick = await subscriber();
    slow.stop();
    const dead = await subscribe(slow.url);
    await status(dead, 'active');
    await status(await subscribe(quick.url), 'active');
    await post(1);
    await quick.until(({ length }) => length === 1);
    expect(await it.world.store.outbox.pending(dead)).toBe(1);
  });

  test('leaves an AuditEvent of what was shown of whom, to whom', async () => {
    await service();
    const { url, until } = await subscriber();
    const id = await subscribe(url);
    await status(id, 'active');
    await post(1);
    await until(({ length }) => length === 1);
    await idle(id);
    const { body } = await it.ask('GET', 'AuditEvent?patient=Patient/p&_count=100');
    const events: readonly object[] = body.entry.map(({ resource }: { resource: object }) => resource);
    const [told, ...others] = events
      .map((event) => JSON.stringify(event))
      .filter((text) => text.includes('notification'));
    expect(others).toEqual([]);
    expect(told).toMatch(/"app".*"Observation\/[^"]*"/);
  });
});

describe('is not delivered', () => {
  test('once the subscription is turned off', async () => {
    const first = await service();
    const { url, arrived } = await subscriber(() => 503);
    const id = await subscribe(url);
    await status(id, 'active');
    await post(1);
    await eventually(
      async () => arrived.length,
      (n) => n > 0,
    );
    const current = await read(id);
    await it.ask('PUT', `Subscription/${id}`, { ...current, status: 'off' }, OWNER);
    clock += 3_600_000;
    await post(2);
    await idle(id);
    await first.stop();
    expect(values(arrived)).toEqual([1]);
  });

  test('once its owner may see less', async () => {
    await service();
    const { url, arrived } = await subscriber();
    const id = await subscribe(url);
    await status(id, 'active');
    const narrow: Asking = { scope: 'user/Subscription.cruds user/Observation.rs?category=laboratory', client: 'app' };
    await it.ask('PUT', `Subscription/${id}`, { ...(await read(id)), reason: 'narrower' }, narrow);
    await status(id, 'active');
    await post(1);
    const witness = await subscriber();
    await status(await subscribe(witness.url), 'active');
    await post(2);
    await witness.until(({ length }) => length === 1);
    await idle(id);
    expect(arrived).toEqual([]);
  });

  test('where the resource was deleted before it could be', async () => {
    await service();
    const { url, arrived } = await subscriber(() => 503);
    const id = await subscribe(url);
    await status(id, 'active');
    const posted = await post(1);
    await eventually(
      async () => arrived.length,
      (n) => n > 0,
    );
    await it.ask('DELETE', `Observation/${posted}`);
    clock += 3_600_000;
    await idle(id);
    expect(arrived).toHaveLength(1);
  });
});

describe('what cannot be served is moved to error with the reason', () => {
  test.each([
    [{ criteria: 'Observation?colour=red' }, /colour/],
    [{ criteria: 'Observation?subject.name=x' }, /chained/],
    [{ criteria: 'Condition?' }, /do not allow to search Condition/],
    [{ channel: { type: 'email', endpoint: 'mailto:a@b.example' } }, /'email' is not served/],
  ])('%j', async (more, reason) => {
    await service();
    const id = await subscribe('http://127.0.0.1:1/hook', more);
    expect((await status(id, 'error')).error).toMatch(reason);
    expect((await read(id)).meta.versionId).toBe('2');
  });

  test('and served once the client has mended it', async () => {
    await service();
    const { url, until } = await subscriber();
    const id = await subscribe(url, { criteria: 'Observation?colour=red' });
    const refused = await status(id, 'error');
    await it.ask('PUT', `Subscription/${id}`, { ...refused, status: 'requested', criteria: 'Observation?' }, OWNER);
    expect(await status(id, 'active')).not.toHaveProperty('error');
    await post(1);
    await until(({ length }) => length === 1);
  });

  test('a client that says active has asked for it', async () => {
    const id = await subscribe('http://127.0.0.1:1/hook', { status: 'active' });
    expect((await read(id)).status).toBe('requested');
  });
});

describe('over restarts and with several processes', () => {
  test('what was written and not delivered before a stop is delivered after the start', async () => {
    const first = await service();
    const { url, arrived, until } = await subscriber();
    await status(await subscribe(url), 'active');
    await post(1);
    await until(({ length }) => length === 1);
    await first.stop();
    await post(2);
    await post(3);
    await service();
    await until(({ length }) => length === 3);
    expect(values(arrived)).toEqual([1, 2, 3]);
  });

  test('what a process took and did not finish is delivered by another once the lease has run out', async () => {
    const first = await service();
    const { url, arrived, until } = await subscriber(() => 503);
    const id = await subscribe(url);
    await status(id, 'active');
    await post(1);
    await until(({ length }) => length === 1);
    await first.stop();
    clock += 3_600_000;
    // As a process that dies in the middle leaves it.
    const taken = await it.world.store.outbox.claim('dead', it.world.now(), 60_000, 10);
    expect(taken.map(({ lane }) => lane)).toEqual([id]);
    clock += 61_000;
    await service();
    await until(({ length }) => length === 2);
    expect(values(arrived)).toEqual([1, 1]);
  });

  test('two processes on one store deliver each notification once', async () => {
    await Promise.all([service(), service()]);
    const { url, arrived, until } = await subscriber();
    const ids = [await subscribe(url), await subscribe(url)];
    for (const id of ids) await status(id, 'active');
    for (let value = 1; value <= 10; value++) await post(value);
    await until(({ length }) => length >= 20);
    for (const id of ids) await idle(id);
    expect(arrived).toHaveLength(20);
    for (const id of ids)
      expect(values(arrived.filter(({ notification }) => notification.startsWith(id)))).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
      ]);
  });

  test('what was written before anybody asked is not told afterwards, however late the service starts', async () => {
    await post(1);
    const { url, arrived, until } = await subscriber();
    await service();
    await status(await subscribe(url), 'active');
    await post(2);
    await until(({ length }) => length === 1);
    await service();
    await post(3);
    await until(({ length }) => length === 2);
    expect(values(arrived)).toEqual([2, 3]);
  });
});
