import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIVITY_COUNT, STEPS, TWIN_FIGURE } from '../../src/series/codes.ts';
import { addDays } from '../../src/series/local-time.ts';
import type { Living } from '../interactions/living.ts';
import { measured, sampled } from '../series/recorded.ts';
import { live, of, put, slice } from './slice.ts';

const LAST = '2026-03-10';
const NOW = `${LAST}T21:00:00Z`;
const EMPTY = { resourceType: 'Parameters' };

let it: Living;
let clock = Date.parse(NOW);
beforeAll(async () => {
  it = await slice({ now: () => clock });
  await live(it, 'ada', LAST, 10);
});
afterAll(() => it.stop());

const generate = (patient: string, body: object = EMPTY, asking: object = {}) =>
  it.ask('POST', `Patient/${patient}/$generate-twin`, body, asking);
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
async function figures(patient: string): Promise<Map<string, any>> {
  const page = await it.ask('GET', `Observation?subject=Patient/${patient}&code=${TWIN_FIGURE}|&_count=100`);
  return new Map(
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    (page.body.entry ?? []).map(({ resource }: any) => [resource.code.coding[0].code, resource]),
  );
}

describe('POST Patient/[id]/$generate-twin', () => {
  test('answers 201 with the twin as stored, then 200; without news no version is made', async () => {
    const first = await generate('ada');
    expect(first.status).toBe(201);
    expect(first.headers['Location']).toMatch(/\/Composition\/twin-[0-9a-f]{40}\/_history\/1$/);
    expect(first.body).toMatchObject({
      resourceType: 'Composition',
      subject: { reference: 'Patient/ada' },
      date: '2026-03-10T21:00:00.000Z',
    });
    expect((await it.ask('GET', `Composition/${first.body.id}`)).text).toBe(first.text);

    clock += 3_600_000;
    const before = await it.world.store.lastTransaction();
    const again = await generate('ada');
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect((await it.world.store.changes(before, 10)).map(({ type, id }) => `${type}/${id}`)).toEqual([]);
  });

  test('its figures are what can be worked out by hand', async () => {
    const made = await figures('ada');
    const value = (code: string) => made.get(code)?.valueQuantity.value;
    // Ten nights of 400…409 min: mean 404.5; sd of 0…9 is 3.0277, ÷ √10 = 0.957.
    expect(made.get('sleep-duration')).toMatchObject({
      valueQuantity: { value: 405, unit: 'min' },
      method: { text: 'Mean of 10 nights' },
      component: [{ valueQuantity: { value: 10 } }, { valueQuantity: { value: 1, unit: 'min' } }],
    });
    expect(value('resting-heart-rate')).toBe(54.5);
    // 404.5 of 480 min in bed.
    expect(value('sleep-efficiency')).toBe(84.3);
    expect(value('sleep-onset')).toBe(-60);
    expect(value('sleep-onset-sd')).toBe(0);
    expect(value('mood')).toBe(3);
    // 480 minutes of 10 and 960 of 100.
    expect(value('activity-count')).toBe(70);
    expect([value('l5'), value('m10'), value('relative-amplitude')]).toEqual([10, 100, 0.818]);
    // Every day alike: hours explain all variance but the sample's degrees of freedom.
    expect(value('interdaily-stability')).toBe(1.039);
    expect(value('sleep-regularity-index')).toBe(100);
    expect([value('phq9-total'), value('phq9-item-9')]).toEqual([9, 1]);
    // Ten days are too few for a trend (14), and three earlier days for a deviation (7).
    expect([...made.keys()].filter((code) => /-(?:trend|deviation)$/.test(code))).toEqual([]);
    expect(made.get('sleep-duration').effectivePeriod).toEqual({ start: '2026-02-11', end: LAST });
  });

  test('every figure cites versions that exist, and those that it was made from', async () => {
    const made = await figures('ada');
    expect(made.size).toBeGreaterThan(15);
    for (const [code, { derivedFrom }] of made) {
      expect([code, derivedFrom.length > 0]).toEqual([code, true]);
      for (const { reference } of derivedFrom) {
        const [type, id, , version] = reference.split('/');
        const stored = await it.world.store.vread({ type, id }, Number(version));
        expect([code, reference, stored?.deleted]).toEqual([code, reference, false]);
      }
    }
    const cited = (code: string) => made.get(code).derivedFrom.map((source: { reference: string }) => source.reference);
    expect(cited('resting-heart-rate')).toEqual(
      Array.from({ length: 10 }, (_, k) => `Observation/ada-resting-${k}/_history/1`),
    );
    expect(cited('phq9-total')).toEqual(['QuestionnaireResponse/ada-phq9/_history/1']);
  });

  test('news makes new versions of what changed, and the twin a new date', async () => {
    await put(
      it,
      of(
        'ada',
        measured('resting-0', { system: 'http://loinc.org', code: '40443-4', display: '' }, '2026-03-01', 60, '/min'),
      ),
    );
    clock += 1000;
    const { status, body } = await generate('ada');
    expect([status, body.meta.versionId, Date.parse(body.date)]).toEqual([200, '2', clock]);
    const made = await figures('ada');
    expect(made.get('resting-heart-rate').valueQuantity.value).toBe(55.5);
    expect(made.get('resting-heart-rate').derivedFrom).toContainEqual({
      reference: 'Observation/ada-resting-0/_history/2',
    });
    expect(made.get('sleep-duration').meta.versionId).toBe('1');
  });

  test('what was entered in error is out of the figures, and a figure that is left without data is gone', async () => {
    await live(it, 'bo', LAST, 3);
    await generate('bo');
    const before = await figures('bo');
    expect(before.has('phq9-total')).toBe(true);
    const response = (await it.ask('GET', 'QuestionnaireResponse/bo-phq9')).body;
    await put(it, { ...response, status: 'entered-in-error' });
    const { body } = await generate('bo');
    expect((await figures('bo')).has('phq9-total')).toBe(false);
    expect(JSON.stringify(body.section)).not.toContain(before.get('phq9-total').id);
    expect((await it.ask('GET', `Observation/${before.get('phq9-total').id}`)).status).toBe(410);
    expect((await it.ask('GET', `Observation/${before.get('phq9-total').id}/_history/1`)).status).toBe(200);
  });

  test('one patient’s recordings are no other’s', async () => {
    await live(it, 'cy', LAST, 4);
    await generate('cy');
    for (const { derivedFrom } of (await figures('cy')).values())
      for (const { reference } of derivedFrom) expect(reference).toMatch(/\/cy-/);
    expect((await figures('ada')).get('steps')).toBeUndefined();
  });

  test('a window is asked for; a device whose clock is years ahead does not move it', async () => {
    await put(it, of('ada', measured('future', STEPS, '2099-01-01', 5, '1')));
    expect((await generate('ada')).body.event[0].period.end).toBe(LAST);
    const asked = await generate(
      'ada',
      parameters({ name: 'end', valueDate: '2026-03-05' }, { name: 'days', valuePositiveInt: 7 }),
    );
    expect(asked.body.event[0].period).toEqual({ start: '2026-02-27', end: '2026-03-05' });
    expect((await figures('ada')).get('sleep-duration').method.text).toBe('Mean of 5 nights');
  });

  test.each([
    [{ name: 'days', valuePositiveInt: 6 }, /7 to 366/],
    [{ name: 'days', valuePositiveInt: 367 }, /7 to 366/],
    [{ name: 'end', valueDate: '2026' }, /whole date/],
    [{ name: 'end', valueDate: '0001-01-01' }, /after 1900/],
    [{ name: 'end', valueDate: addDays(LAST, 3) }, /future/],
  ])('%j is refused', async (parameter, diagnostics) => {
    const { status, body } = await generate('ada', parameters(parameter));
    expect(status).toBe(400);
    expect(body.issue[0].diagnostics).toMatch(diagnostics);
  });

  test('a patient without data, unknown, deleted or of another is told apart', async () => {
    await put(it, { resourceType: 'Patient', id: 'empty' });
    await put(it, { resourceType: 'Patient', id: 'left' });
    await it.ask('DELETE', 'Patient/left');
    const foreign = { scope: 'patient/*.cruds', patient: 'empty' };
    expect((await generate('empty')).body.issue[0]).toMatchObject({ code: 'business-rule' });
    expect((await generate('empty')).status).toBe(422);
    expect((await generate('nobody')).status).toBe(404);
    expect((await generate('left')).status).toBe(410);
    expect((await generate('ada', EMPTY, foreign)).status).toBe(404);
    expect((await generate('ada', EMPTY, { scope: 'system/Patient.r system/Observation.rs' })).status).toBe(403);
    expect((await generate('ada', EMPTY, { scope: 'system/*.rs' })).status).toBe(403);
  });

  test('a patient’s own app may have its twin made', async () => {
    const own = { scope: 'patient/*.cruds', patient: 'cy' };
    expect([200, 201]).toContain((await generate('cy', EMPTY, own)).status);
    const narrow = {
      scope:
        'patient/Patient.r patient/Composition.u patient/Observation.rs patient/QuestionnaireResponse.rs patient/Observation.u?category=vital-signs',
      patient: 'cy',
    };
    expect((await generate('cy', EMPTY, narrow)).status).toBe(403);
  });

  test('asked at once by many it is made once', async () => {
    await live(it, 'dee', LAST, 3);
    const made = await Promise.all(Array.from({ length: 5 }, () => generate('dee')));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(made.map(({ body }) => body.meta.versionId))).toEqual(new Set(['1']));
  });
});

const errors = (outcome: { issue: readonly { severity: string; expression: readonly string[] }[] }) =>
  outcome.issue.filter(({ severity }) => severity === 'error').map(({ expression }) => expression);

describe('ingest of what is malformed', () => {
  test('a series that is no series is a 400 that names the element, in a Bundle its entry, and nothing is written', async () => {
    const bad = of('ada', sampled('bad', ACTIVITY_COUNT, `${LAST}T00:00:00Z`, '1 2 three'));
    const alone = await it.ask('PUT', 'Observation/ada-bad', bad);
    expect(alone.status).toBe(400);
    expect(errors(alone.body)).toEqual([['Observation.valueSampledData.data']]);
    const before = await it.world.store.lastTransaction();
    const good = of('ada', measured('good', STEPS, LAST, 5, '1'));
    const bundle = await it.ask('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [good, bad].map((resource) => ({
        resource,
        request: { method: 'PUT', url: `Observation/${resource.id}` },
      })),
    });
    expect(bundle.status).toBe(400);
    expect(errors(bundle.body)).toEqual([['Bundle.entry[1].resource.valueSampledData.data']]);
    expect(await it.world.store.lastTransaction()).toBe(before);
  });
});
