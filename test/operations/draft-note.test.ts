import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PHQ9_ITEMS, PHQ9_QUESTIONNAIRE } from '../../src/series/codes.ts';
import { type Asked, modelServer } from '../language-model/model-server.ts';
import { answers } from '../series/recorded.ts';
import { live, of, put, slice } from './slice.ts';

const LAST = '2026-03-10';
const EMPTY = { resourceType: 'Parameters' };
const NAMED = {
  resourceType: 'Patient',
  id: 'ida',
  name: [{ family: 'Øverland', given: ['Ida'] }],
  birthDate: '1988-04-02',
  identifier: [{ system: 'urn:mrn', value: 'MRN-4711' }],
};

/** A world with Ida's ten days, her twin and an alert, and a model that answers as told. */
async function ida(answer?: (asked: Asked) => string | number) {
  const server = answer && (await modelServer(answer));
  const it = await slice({ now: () => Date.parse(`${LAST}T21:00:00Z`) }, server?.model);
  await live(it, 'ida', LAST, 10);
  await put(it, NAMED);
  expect((await it.ask('POST', 'Patient/ida/$generate-twin', EMPTY)).status).toBe(201);
  return {
    it,
    asked: server?.asked ?? [],
    draft: () => it.ask('POST', 'Patient/ida/$draft-note', EMPTY),
    async stop() {
      await it.stop();
      server?.stop();
    },
  };
}

const textOf = (note: { content: readonly { attachment: { data: string } }[] }): string =>
  Buffer.from(note.content[0]?.attachment.data ?? '', 'base64').toString();
const drafterOf = (note: { meta: { tag: readonly { code: string }[] } }) => note.meta.tag[0]?.code;

describe('POST Patient/[id]/$draft-note', () => {
  let world: Awaited<ReturnType<typeof ida>>;
  beforeAll(async () => {
    world = await ida();
  });
  afterAll(() => world.stop());

  test('stores a preliminary note whose every sentence cites a version that exists, alerts first', async () => {
    const { status, body, text } = await world.draft();
    expect(status).toBe(201);
    expect(body).toMatchObject({ resourceType: 'DocumentReference', status: 'current', docStatus: 'preliminary' });
    expect(drafterOf(body)).toBe('deterministic');
    expect(body.context.period).toEqual({ start: '2026-02-11', end: LAST });
    expect((await world.it.ask('GET', `DocumentReference/${body.id}`)).text).toBe(text);

    const note = textOf(body);
    const [said = '', sources = ''] = note.split('Sources\n');
    expect(said).toContain('Sleep duration: 405 ± 1 min (n = 10) [');
    expect(said.indexOf('Safety review')).toBeLessThan(said.indexOf('Sleep duration'));
    const listed = new Map(
      [...sources.matchAll(/^\[(\d+)\] (\S+)$/gm)].map(([, number, reference]) => [number, reference]),
    );
    for (const [, number] of said.matchAll(/\[(\d+)\]\./g)) expect(listed.has(number)).toBe(true);
    for (const reference of listed.values()) {
      const [type = '', id = '', , version] = reference?.split('/') ?? [];
      expect([reference, await world.it.world.store.vread({ type, id }, Number(version))]).toEqual([
        reference,
        expect.anything(),
      ]);
    }
  });

  test('each call drafts another; who has read the alert and closed it is not told of it again', async () => {
    const [first, second] = [await world.draft(), await world.draft()];
    expect(first.body.id).not.toBe(second.body.id);
    const alert = (await world.it.ask('GET', 'Communication?subject=Patient/ida')).body.entry[0].resource;
    await put(world.it, { ...alert, status: 'completed' });
    const closed = textOf((await world.draft()).body);
    expect(closed).not.toContain('Safety review');

    // Nor does the trigger, written again, open it again.
    const response = (await world.it.ask('GET', 'QuestionnaireResponse/ida-phq9')).body;
    await put(world.it, { ...response, status: 'amended' });
    expect((await world.it.ask('GET', `Communication/${alert.id}`)).body.status).toBe('completed');
    const items = Object.fromEntries(PHQ9_ITEMS.map((code) => [code, 2]));
    await put(world.it, of('ida', answers('phq9-later', `${LAST}T20:30:00Z`, PHQ9_QUESTIONNAIRE, items)));
    expect(textOf((await world.draft()).body)).toContain('Safety review');
  });

  test('a patient of whom nothing is known, unknown, or of another is told apart', async () => {
    await put(world.it, { resourceType: 'Patient', id: 'empty' });
    const draft = (patient: string, asking: object = {}) =>
      world.it.ask('POST', `Patient/${patient}/$draft-note`, EMPTY, asking);
    expect((await draft('empty')).body.issue[0].code).toBe('business-rule');
    expect((await draft('nobody')).status).toBe(404);
    expect((await draft('ida', { scope: 'patient/*.cruds', patient: 'empty' })).status).toBe(404);
    expect((await draft('ida', { scope: 'system/*.rs' })).status).toBe(403);
  });
});

describe('with a language model', () => {
  test('prompts name nobody, and what no source supports is taken out', async () => {
    const world = await ida(({ body }) => {
      const prompt = body.messages[1]?.content ?? '';
      const number = /\[(\d+)\] \(Sleep\) Sleep duration: 405/.exec(prompt)?.[1];
      return `Sleep\nSleep duration averaged 405 min [${number}]. Ida slept 300 min [${number}]. The patient is psychotic [${number}].`;
    });
    try {
      const { body } = await world.draft();
      expect(drafterOf(body)).toBe('language-model');
      expect(body.description).toMatch(/mental-llama.*removed.*: 2\.$/);
      expect(textOf(body)).toMatch(/^Sleep duration averaged 405 min \[\d+\]\.$/m);
      expect(textOf(body)).not.toMatch(/300|psychotic|Ida/);
      const sent = JSON.stringify(world.asked);
      expect(sent).toContain('Sleep duration: 405');
      expect(sent).not.toMatch(/Ida|verland|1988|4711|ida\b|Patient\/|2026/i);
    } finally {
      await world.stop();
    }
  });

  test.each([
    ['that is down', () => 500, 'The language model could not be asked.'],
    [
      'of which nothing is supported',
      () => 'All is well.',
      'Nothing that the language model wrote was supported by a source.',
    ],
  ])('%s the deterministic drafter writes, and the note says why', async (_case, answer, why) => {
    const world = await ida(answer);
    try {
      const { status, body } = await world.draft();
      expect([status, drafterOf(body)]).toEqual([201, 'deterministic']);
      expect(body.description).toBe(`Drafted by the built-in deterministic drafter. ${why}`);
      expect(textOf(body)).toContain('Sleep duration: 405');
    } finally {
      await world.stop();
    }
  });
});
