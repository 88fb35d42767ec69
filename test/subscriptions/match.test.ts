import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { indexValues } from '../../src/interactions/indexing.ts';
import { readSubscription } from '../../src/subscriptions/active-subscription.ts';
import { isShown, notifies } from '../../src/subscriptions/match.ts';
import { withOwner } from '../../src/subscriptions/owner.ts';

const BASE = 'http://fhir.test/fhir';
const registry = loadRegistry();
const NOW = Date.parse('2026-03-01T12:00:00Z');

interface Asked {
  readonly criteria?: string;
  readonly scope?: string;
  readonly patient?: string;
  readonly more?: object;
  readonly channel?: object;
}
const subscription = ({ criteria = 'Observation?code=8867-4', scope = 'system/*.rs', patient, more, channel }: Asked) =>
  readSubscription(
    withOwner(
      {
        resourceType: 'Subscription',
        id: 's',
        status: 'active',
        criteria,
        channel: { type: 'rest-hook', endpoint: 'https://app.example/hook', ...channel },
        ...more,
      },
      { client_id: 'app', scope, ...(patient !== undefined && { patient }) },
    ),
    registry,
    BASE,
  );
const facts = (resource: Resource) => ({
  type: resource.resourceType,
  id: String(resource.id),
  lastUpdated: NOW,
  values: indexValues(registry, BASE, resource),
});
const heartRate = (patient: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: 'o',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  valueQuantity: { value: 61, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...more,
});

describe('a change notifies whom it concerns and who may see it', () => {
  test.each<[string, Asked, boolean]>([
    ['its code', {}, true],
    ['another code', { criteria: 'Observation?code=9999-9' }, false],
    ['a value above', { criteria: 'Observation?code=8867-4&value-quantity=gt60' }, true],
    ['a value below', { criteria: 'Observation?code=8867-4&value-quantity=lt60' }, false],
    ['its patient', { criteria: 'Observation?subject=Patient/p' }, true],
    ['another patient', { criteria: 'Observation?subject=Patient/q' }, false],
    ['any Observation', { criteria: '/Observation' }, true],
    ['another type', { criteria: 'Condition?' }, false],
    ['scopes for the type', { scope: 'user/Observation.rs' }, true],
    ['read without search', { scope: 'system/Observation.s system/Patient.r' }, false],
    ['the owner’s own patient', { scope: 'patient/*.rs', patient: 'p' }, true],
    ['a patient who is not the owner’s', { scope: 'patient/*.rs', patient: 'q' }, false],
    ['a granular scope that holds', { scope: 'system/Observation.rs?code=8867-4' }, true],
    ['a granular scope that does not', { scope: 'system/Observation.rs?category=laboratory' }, false],
    ['before its end', { more: { end: '2026-03-01T12:00:01Z' } }, true],
    ['after its end', { more: { end: '2026-03-01T12:00:00Z' } }, false],
  ])('%s', (_case, asked, expected) => {
    expect(notifies(subscription(asked), facts(heartRate('p')), NOW)).toBe(expected);
  });

  test('a resource that was moved to another patient is no longer shown', () => {
    const own = subscription({ scope: 'patient/*.rs', patient: 'p' });
    expect([isShown(own, facts(heartRate('p'))), isShown(own, facts(heartRate('q')))]).toEqual([true, false]);
  });
});

describe('what cannot be served is refused with its element', () => {
  test.each<[Asked, string, RegExp]>([
    [{ channel: { type: 'email' } }, 'Subscription.channel.type', /'email' is not served/],
    [{ channel: { payload: 'text/plain' } }, 'Subscription.channel.payload', /text\/plain/],
    [{ channel: { endpoint: 'ftp://x' } }, 'Subscription.channel.endpoint', /no absolute http/],
    [{ channel: { endpoint: '/hook' } }, 'Subscription.channel.endpoint', /no absolute http/],
    [{ channel: { endpoint: 'https://me:secret@x.example' } }, 'Subscription.channel.endpoint', /credentials/],
    [{ channel: { header: ['Host: x'] } }, 'Subscription.channel.header', /steer the connection/],
    [{ channel: { header: ['X: a\r\nY: b'] } }, 'Subscription.channel.header', /Name: value/],
    [{ criteria: 'Nothing?x=y' }, 'Subscription.criteria', /no search/],
    [{ criteria: 'Observation?subject.name=Ida' }, 'Subscription.criteria', /chained/],
    [{ criteria: 'Patient?_has:Observation:subject:code=1' }, 'Subscription.criteria', /_has/],
    [{ scope: 'system/Patient.rs' }, 'Subscription.criteria', /do not allow/],
    [{ criteria: 'Observation?colour=red' }, 'colour', /unknown search parameter/],
  ])('%j', (asked, expression, diagnostics) => {
    const read = () => subscription(asked);
    expect(read).toThrow(expect.objectContaining({ message: expect.stringMatching(diagnostics) }));
    expect(read).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ expression: [expression] })] }));
  });

  test('nobody’s subscription shows nothing, and an owner that the client states is replaced', () => {
    const channel = { type: 'rest-hook', endpoint: 'https://app.example' };
    const bare = { resourceType: 'Subscription', id: 's', criteria: 'Patient?', channel };
    expect(() => readSubscription(bare, registry, BASE)).toThrow(/no owner/);
    const forged = withOwner(bare, { client_id: 'root', scope: 'system/*.cruds' });
    const owned = withOwner(forged, { client_id: 'app', scope: 'patient/Patient.rs', patient: 'p' });
    expect(readSubscription(owned, registry, BASE).permit.agent).toMatchObject({ client: 'app', patient: 'p' });
  });
});
