import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import type { Fact } from '../../src/language-model/grounding.ts';
import type { NoteSources } from './note-sources.ts';

/** A fact of the note with its place in it and the versioned resource it was read from. */
export interface NoteFact extends Fact {
  readonly heading: string;
  readonly reference: string;
}

/** Figures that a note says something of; the twin has more. */
const HEADINGS: Readonly<Record<string, string>> = {
  'sleep-duration': 'Sleep',
  'sleep-duration-deviation': 'Sleep',
  'sleep-efficiency': 'Sleep',
  'sleep-onset': 'Sleep',
  'sleep-regularity-index': 'Sleep',
  'interdaily-stability': 'Rest–activity rhythm',
  'relative-amplitude': 'Rest–activity rhythm',
  'cosinor-acrophase': 'Rest–activity rhythm',
  'resting-heart-rate': 'Heart',
  'resting-heart-rate-deviation': 'Heart',
  'active-minutes': 'Activity',
  'active-minutes-deviation': 'Activity',
  mood: 'Self-report',
  'mood-deviation': 'Self-report',
  stress: 'Self-report',
  'stress-deviation': 'Self-report',
  'phq9-total': 'Questionnaires',
  'phq9-item-9': 'Questionnaires',
  'phq9-change': 'Questionnaires',
};

/** The numbered facts that a note may say, alerts and risk first: what a reader must not miss. Pure. */
export function noteFacts({ figures, risks, alerts }: Omit<NoteSources, 'period'>): readonly NoteFact[] {
  const found = [
    ...alerts.map((alert) => ({ heading: 'Alerts', reference: alert.reference, text: alertText(alert.resource) })),
    ...risks.map((risk) => ({ heading: 'Risk', reference: risk.reference, text: riskText(risk.resource) })),
    ...Object.entries(HEADINGS).flatMap(([code, heading]) => {
      const figure = figures.find(({ resource }) => codeOf(resource) === code);
      return figure ? [{ heading, reference: figure.reference, text: figureText(figure.resource) }] : [];
    }),
  ];
  return found.map((fact, i) => ({ ...fact, number: i + 1 }));
}

const codeOf = (resource: Resource): string | undefined => {
  const concept = resource['code'];
  const coding = isObject(concept) ? listOf(concept['coding']).find(isObject) : undefined;
  return typeof coding?.['code'] === 'string' ? coding['code'] : undefined;
};
const textOf = (concept: unknown): string =>
  isObject(concept) && typeof concept['text'] === 'string' ? concept['text'] : '';

function figureText(figure: Resource): string {
  const part = (code: string): JsonObject | undefined =>
    listOf(figure['component'])
      .filter(isObject)
      .find(
        (component) =>
          isObject(component['code']) &&
          listOf(component['code']['coding']).some((coding) => isObject(coding) && coding['code'] === code),
      );
  const number = (holder: JsonObject | undefined): number | undefined =>
    isObject(holder?.['valueQuantity']) && typeof holder['valueQuantity']['value'] === 'number'
      ? holder['valueQuantity']['value']
      : undefined;
  const quantity = isObject(figure['valueQuantity']) ? figure['valueQuantity'] : {};
  const error = number(part('standard-error'));
  const size = number(part('sample-size'));
  const unit = String(quantity['unit'] ?? '');
  const shown = unit === '1' || unit === '{score}' ? '' : ` ${unit.replace(/[{}]/g, '')}`;
  return `${textOf(figure['code'])}: ${String(quantity['value'])}${error === undefined ? '' : ` ± ${error}`}${shown}${size === undefined ? '' : ` (n = ${size})`}.`;
}

function riskText(risk: Resource): string {
  const prediction = listOf(risk['prediction']).find(isObject) ?? {};
  const qualitative = isObject(prediction['qualitativeRisk'])
    ? textOf(prediction['qualitativeRisk']) || displayOf(prediction['qualitativeRisk'])
    : '';
  const method = textOf(risk['method']) || displayOf(risk['method']);
  const outcome = textOf(prediction['outcome']) || displayOf(prediction['outcome']);
  return `Predicted: ${outcome || 'risk'}, probability ${String(prediction['probabilityDecimal'])}${qualitative ? ` (${qualitative})` : ''}${method ? `, by ${method}` : ''}.`;
}

const displayOf = (concept: unknown): string => {
  const coding = isObject(concept) ? listOf(concept['coding']).find(isObject) : undefined;
  return String(coding?.['display'] ?? coding?.['code'] ?? '');
};

const alertText = (alert: Resource): string => {
  const payload = listOf(alert['payload']).find(isObject);
  return `${textOf(alert['topic']) || 'Alert'}. ${String(payload?.['contentString'] ?? '')}`.trim();
};
