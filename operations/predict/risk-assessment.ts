import type { Resource } from '../../src/fhir/resource.ts';
import type { Model } from '../../src/prediction/model.ts';
import type { Prediction } from '../../src/prediction/predict.ts';
import { CANONICAL } from '../../src/series/codes.ts';
import { addDays } from '../../src/series/local-time.ts';
import { rationale } from './rationale.ts';

const PREDICTION_MODEL = `${CANONICAL}/CodeSystem/prediction-model`;
const RISK_PROBABILITY = 'http://terminology.hl7.org/CodeSystem/risk-probability';
const DISPLAY = { low: 'Low likelihood', moderate: 'Moderate likelihood', high: 'High likelihood' } as const;

interface Facts {
  readonly patient: string;
  /** Last day that was read. */
  readonly asOf: string;
  /** dateTime of the assessment. */
  readonly now: string;
  /** Versioned references of what was read. */
  readonly basis: readonly string[];
  readonly performer: string;
}

/** A prediction as RiskAssessment (riskassessment.html): the probability as decimal, 0–1, to four places. Pure. */
export function riskAssessment(
  { manifest }: Model,
  prediction: Extract<Prediction, { kind: 'predicted' }>,
  { patient, asOf, now, basis, performer }: Facts,
): Resource {
  const { name, version, title, code, horizon, metrics, limits } = manifest;
  const { size, summary } = metrics;
  const [auc, low, high] = [summary.auc, ...summary.aucInterval].map((value) => value.toFixed(2));
  return {
    resourceType: 'RiskAssessment',
    status: 'final',
    method: {
      coding: [{ system: PREDICTION_MODEL, version, code: name, display: title }],
      text: `${name} ${version} (XGBoost, ONNX, sha256 ${manifest.model.sha256.slice(0, 12)})`,
    },
    subject: { reference: `Patient/${patient}` },
    occurrenceDateTime: now,
    performer: { reference: performer },
    basis: basis.map((reference) => ({ reference })),
    prediction: [
      {
        outcome: { coding: [{ ...code }], text: code.display },
        probabilityDecimal: Number(prediction.probability.toFixed(4)),
        qualitativeRisk: {
          coding: [{ system: RISK_PROBABILITY, code: prediction.band, display: DISPLAY[prediction.band] }],
        },
        whenPeriod: { start: addDays(asOf, 1), end: addDays(asOf, horizon.horizonDays) },
        rationale: rationale(prediction, asOf),
      },
    ],
    note: [
      { text: limits },
      {
        text: `For people it had not seen, the model reached an AUC of ${auc} (95 % interval ${low} to ${high}) and a Brier score of ${summary.brier.toFixed(3)} (always answering the average: ${summary.brierOfPrevalence.toFixed(3)}), on ${size.days} days of ${size.people} people.`,
      },
    ],
  };
}
