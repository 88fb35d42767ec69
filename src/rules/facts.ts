import { isObject, type Json, type Resource } from '../fhir/resource.ts';
import { phq9 } from '../series/phq9.ts';
import { decodeSampledData } from '../series/sampled-data.ts';

/**
 * What conditions may ask beside the resource itself, as FHIRPath constants: `%sampleMaximum` and `%sampleMinimum` of an
 * Observation's own SampledData, `%phq9Total` and `%phq9Item9` of a QuestionnaireResponse.
 * A constant that the resource does not give is empty.
 * @throws Problem where SampledData is malformed.
 */
export function ruleFacts(resource: Resource): Readonly<Record<string, Json | readonly []>> {
  return {
    ...NOTHING,
    ...(resource.resourceType === 'Observation'
      ? ofSamples(resource)
      : resource.resourceType === 'QuestionnaireResponse'
        ? ofAnswers(resource)
        : {}),
  };
}

const NOTHING = { sampleMaximum: [], sampleMinimum: [], phq9Total: [], phq9Item9: [] } as const;

function ofSamples(observation: Resource): Readonly<Record<string, number>> {
  const sampled = observation['valueSampledData'];
  const samples = isObject(sampled) ? decodeSampledData(sampled, 0, 'Observation.valueSampledData') : undefined;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of samples?.values ?? []) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high < low ? {} : { sampleMaximum: high, sampleMinimum: low };
}

function ofAnswers(response: Resource): Readonly<Record<string, number>> {
  const score = phq9(response);
  return {
    ...(score?.total !== undefined && { phq9Total: score.total }),
    ...(score?.item9 !== undefined && { phq9Item9: score.item9 }),
  };
}
