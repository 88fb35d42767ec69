import type { Told } from './account.ts';
import { addDays } from '../src/series/local-time.ts';
import { type Client, count, locations } from './client.ts';
import { dayBundle, phq9Bundle } from './day-bundle.ts';
import type { Recording } from './recording.ts';
import { PHQ9_STORY, simulateDay } from './simulator.ts';

const SEED = 20260101;

/** Posts each day as a transaction Bundle, the last one twice more. @throws where a retry makes anything new. */
export async function ingest(
  hub: Client,
  recording: Recording,
  patient: string,
  device: string,
  key: string,
): Promise<Told> {
  const bundles = recording.days.map((day, i) =>
    dayBundle(day, simulateDay(day, recording.days[i + 1], SEED + i), patient, device, key),
  );
  const begun = performance.now();
  for (const bundle of bundles) await hub.expect([200], 'POST', '', bundle);
  const seconds = (performance.now() - begun) / 1000;
  const before = await count(hub, `Observation?subject=${patient}`);
  const again = bundles.at(-1);
  const first = locations(await hub.expect([200], 'POST', '', again));
  const second = locations(await hub.expect([200], 'POST', '', again));
  const after = await count(hub, `Observation?subject=${patient}`);
  if (after !== before || first.join() !== second.join())
    throw new Error(`a retried bundle made something new: ${before} Observations before, ${after} after`);
  const entries = bundles.reduce((n, { entry }) => n + entry.length, 0);
  const samples =
    recording.days.length * 2 * 1440 + recording.days.reduce((n, day) => n + (day.sleep?.epochs.length ?? 0), 0);
  return {
    title: 'Wearable ingest: one transaction Bundle a day',
    lines: [
      `${recording.days.length} days from ${recording.days[0]?.date} to ${recording.days.at(-1)?.date}: ${entries} resources, ${samples.toLocaleString('en')} samples in ${seconds.toFixed(1)} s (one client, one after another)`,
      `Real: ${recording.source}: sleep stages every 30 s, resting heart rate, active minutes, daily self-report (${recording.licence.split(',')[0]})`,
      'Simulated, seeded, following that person’s nights and active minutes: minute activity counts, minute heart rate',
      `The last bundle sent twice more created nothing: still ${after} Observations of this patient`,
    ],
  };
}

/** Posts the PHQ-9 answers of the story. */
export async function answerQuestionnaires(
  hub: Client,
  recording: Recording,
  patient: string,
  key: string,
): Promise<Told> {
  const today = recording.days.at(-1)?.date ?? '';
  const lines: string[] = [];
  for (const { daysAgo, items } of PHQ9_STORY) {
    const date = addDays(today, -daysAgo);
    await hub.expect([200], 'POST', '', phq9Bundle(items, `${date}T09:00:00Z`, patient, key));
    lines.push(`${date}: total ${items.reduce((sum, item) => sum + item, 0)}, item 9 = ${items[8]}`);
  }
  return { title: 'PHQ-9 answers (invented for the story)', lines };
}
