/** @jest-environment <rootDir>/test/onnx-environment.mjs */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { predicting, resourceOf } from './predicting.ts';

const TODAY = '2025-03-31';
const asked = (...parameter: JsonObject[]): JsonObject => ({ resourceType: 'Parameters', parameter });
const EMPTY = { resourceType: 'Parameters' };

describe('POST Patient/[id]/$predict', () => {
  let world: Awaited<ReturnType<typeof predicting>>;
  beforeAll(async () => {
    world = await predicting(`${TODAY}T20:00:00Z`);
    for (const id of ['calm', 'strained', 'silent', 'gone'])
      await world.send('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
    await world.report('calm', TODAY, 28, 4, 4);
    await world.report('strained', TODAY, 28, 2, 2);
    await world.report('gone', '2025-02-28', 28, 3, 3);
  });
  afterAll(async () => world.stop());

  test('stores a RiskAssessment, cites every version that was read, and answers with it', async () => {
    const answer = await world.send('POST', 'Patient/strained/$predict', EMPTY);
    expect(answer.status).toBe(201);
    const made = resourceOf(answer);
    expect(made).toMatchObject({
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: { reference: 'Patient/strained' },
      performer: { reference: 'Device/novamind' },
      prediction: [
        {
          qualitativeRisk: { coding: [{ code: 'high' }] },
          whenPeriod: { start: '2025-04-01', end: '2025-04-07' },
        },
      ],
    });
    expect(made['basis']).toHaveLength(28);
    expect(made['basis']).toContainEqual({ reference: 'QuestionnaireResponse/strained-0/_history/1' });
    const stored = await world.send('GET', `RiskAssessment/${String(made['id'])}`);
    expect(resourceOf(stored)).toEqual(made);
  });

  test('each call makes a new one, and a calm month is a low risk', async () => {
    const first = resourceOf(await world.send('POST', 'Patient/calm/$predict', EMPTY));
    const second = resourceOf(await world.send('POST', 'Patient/calm/$predict', EMPTY));
    expect(second['id']).not.toBe(first['id']);
    expect(second['prediction']).toEqual(first['prediction']);
    expect(first).toMatchObject({ prediction: [{ qualitativeRisk: { coding: [{ code: 'low' }] } }] });
  });

  test('with too little data no probability is made up: 422 says what is missing', async () => {
    await expect(world.send('POST', 'Patient/silent/$predict', EMPTY)).rejects.toMatchObject({
      status: 422,
      issues: [
        {
          code: 'business-rule',
          diagnostics: expect.stringMatching(/has 0 daily self-reports .* 28 days; the model needs 7/),
        },
        {
          code: 'business-rule',
          diagnostics: expect.stringMatching(/has 0 daily self-reports .* 7 days; the model needs 2/),
        },
      ],
    });
    await expect(world.send('POST', 'Patient/gone/$predict', EMPTY)).rejects.toMatchObject({ status: 422 });
  });

  test('as of an earlier day nothing later is read', async () => {
    const input = asked({ name: 'asOf', valueDateTime: '2025-02-28T21:00:00+01:00' });
    const made = resourceOf(await world.send('POST', 'Patient/gone/$predict', input));
    expect(made).toMatchObject({ prediction: [{ whenPeriod: { start: '2025-03-01', end: '2025-03-07' } }] });
    expect(made['basis']).toHaveLength(28);
    const early = asked({ name: 'asOf', valueDateTime: '2025-02-10' });
    expect(resourceOf(await world.send('POST', 'Patient/gone/$predict', early))['basis']).toHaveLength(10);
  });

  test.each([
    [asked({ name: 'asOf', valueDateTime: '2025-02' }), /a whole date/],
    [asked({ name: 'asOf', valueDateTime: '2031-01-01' }), /nothing is recorded of the future/],
    [asked({ name: 'asOf', valueDateTime: '0001-01-01' }), /a whole date after 1900/],
    [asked({ name: 'model', valueCode: 'crystal-ball' }), /no model crystal-ball; models here: risk-prediction/],
  ])('input that means nothing is refused: %j', async (input, message) => {
    await expect(world.send('POST', 'Patient/calm/$predict', input)).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test('an unknown patient is not found', async () => {
    await expect(world.send('POST', 'Patient/nobody/$predict', EMPTY)).rejects.toMatchObject({ status: 404 });
  });

  test('it needs the scopes for what it reads and writes, and sees no other patient', async () => {
    const as = (scope: string, patient?: string) =>
      world.send('POST', 'Patient/calm/$predict', EMPTY, { scope, ...(patient !== undefined && { patient }) });
    await expect(as('system/*.rs')).rejects.toMatchObject({ status: 403 });
    await expect(as('system/RiskAssessment.c system/Patient.r')).rejects.toMatchObject({ status: 403 });
    await expect(as('patient/*.cruds', 'strained')).rejects.toMatchObject({ status: 404 });
    await expect(as('patient/*.cruds', 'calm')).resolves.toMatchObject({ status: 201 });
  });
});
