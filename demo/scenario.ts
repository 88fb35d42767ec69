import { isObject, type JsonObject, listOf } from '../src/fhir/resource.ts';
import { DEMO_TAG } from '../src/http/page/demo-resources.ts';
import { text, type Told } from './account.ts';
import { Client, locations } from './client.ts';
import { describeNote, describeTwin, predict } from './findings.ts';
import { answerQuestionnaires, ingest } from './ingest.ts';
import type { Recording } from './recording.ts';
import { audited, closedByDefault } from './safeguards.ts';
import { accessToken } from './server.ts';
import type { Subscriber } from './subscriber.ts';

export interface Outcome {
  readonly patient: string;
  readonly twin: string;
  readonly note: string;
}

const IDENTIFIER = 'https://novamind.health/demo';

/** Plays the main job through the public API; every step throws where it did not really produce what it says. */
export async function play(
  base: string,
  recording: Recording,
  subscriber: Subscriber,
  tell: (told: Told) => void,
): Promise<Outcome> {
  // Each run has a participant of its own, so that every step happens again.
  const key = `demo-p06-${Date.now().toString(36)}`;
  const token = (scope: string, ...more: readonly string[]) => new Client(base, accessToken('--scope', scope, ...more));
  const hub = token(
    'system/Patient.cruds system/Practitioner.cruds system/Device.cruds system/Observation.cruds system/QuestionnaireResponse.cruds',
    '--client',
    'wearable-hub',
  );

  const [patient, clinician, device] = await onboard(hub, key);
  tell({
    title: 'Onboarding: patient, clinician and wearable, in one transaction',
    lines: [patient, clinician, device],
  });

  const ehr = token('user/*.cruds', '--client', 'clinician-app', '--user', clinician);
  const subscription = await subscribe(ehr, patient, subscriber);
  tell({
    title: 'A clinician’s app subscribes to alerts (rest-hook)',
    lines: [`${subscription}, active, notifies ${subscriber.url}`],
  });

  tell(await ingest(hub, recording, patient, device, key));
  tell(await answerQuestionnaires(hub, recording, patient, key));
  const notified = await subscriber.next(
    (resource) =>
      isObject(resource['subject']) &&
      resource['subject']['reference'] === patient &&
      JSON.stringify(resource['instantiatesCanonical'] ?? '').includes('phq9-item-9'),
    30,
  );
  tell({
    title: 'The rule fired in the same commit, and the subscriber was notified',
    lines: [
      `Communication/${String(notified['id'])}, priority ${String(notified['priority'])}`,
      text(listOf(notified['payload']).find(isObject)?.['contentString']),
    ],
  });

  const twin = await ehr.expect([200, 201], 'POST', `${patient}/$generate-twin`, { resourceType: 'Parameters' });
  tell(await describeTwin(ehr, patient, twin));
  tell(await predict(ehr, patient));
  const note = await ehr.expect([200, 201], 'POST', `${patient}/$draft-note`, { resourceType: 'Parameters' });
  tell(await describeNote(ehr, note));
  tell(await closedByDefault(base, ehr, patient));
  tell(await audited(token('user/AuditEvent.rs', '--client', 'privacy-officer', '--user', clinician), patient));
  return { patient, twin: `Composition/${String(twin['id'])}`, note: `DocumentReference/${String(note['id'])}` };
}

async function onboard(hub: Client, key: string): Promise<readonly [string, string, string]> {
  const entry = (resource: JsonObject & { resourceType: string }, value: string) => ({
    resource: { ...resource, identifier: [{ system: IDENTIFIER, value }] },
    request: { method: 'POST', url: resource.resourceType, ifNoneExist: `identifier=${IDENTIFIER}|${value}` },
  });
  const answer = await hub.expect([200], 'POST', '', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry(
        {
          resourceType: 'Patient',
          meta: { tag: [DEMO_TAG] },
          name: [{ family: 'Demo', given: ['Participant'] }],
          gender: 'unknown',
        },
        `${key}-patient`,
      ),
      entry({ resourceType: 'Practitioner', name: [{ family: 'Demo', given: ['Clinician'] }] }, `${key}-clinician`),
      entry(
        { resourceType: 'Device', deviceName: [{ name: 'Wrist wearable', type: 'user-friendly-name' }] },
        `${key}-device`,
      ),
    ],
  });
  const [patient, clinician, device] = locations(answer);
  if (!patient || !clinician || !device) throw new Error('the transaction did not name three resources');
  return [patient, clinician, device];
}

async function subscribe(ehr: Client, patient: string, subscriber: Subscriber): Promise<string> {
  const created = await ehr.expect([201], 'POST', 'Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'Alerts of the demo patient',
    criteria: `Communication?subject=${patient}&category=alert`,
    channel: { type: 'rest-hook', endpoint: subscriber.url, payload: 'application/fhir+json' },
  });
  for (let tries = 0; tries < 200; tries++) {
    const now = await ehr.expect([200], 'GET', `Subscription/${String(created['id'])}`);
    if (now['status'] === 'active') return `Subscription/${String(created['id'])}`;
    if (now['status'] === 'error') throw new Error(`the subscription was refused: ${String(now['error'])}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the subscription did not become active');
}
