import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';

/** A regular series of one dimension. A value that the device could not give (`E`, `U`, `L`) is NaN. */
export interface Samples {
  /** Milliseconds UTC of the first sample. */
  readonly start: number;
  /** Milliseconds between samples. */
  readonly period: number;
  /** In the unit of the SampledData's origin. */
  readonly values: Float64Array;
}

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Decodes SampledData (datatypes.html#SampledData): value = origin + sample × factor. Undefined where it has more than one
 * dimension: those are stored and given back, but no measure is read from them.
 * @throws Problem `invalid` with the element's path where the data is not what it says.
 */
export function decodeSampledData(sampled: JsonObject, start: number, path: string): Samples | undefined {
  const origin = isObject(sampled['origin']) ? sampled['origin']['value'] : undefined;
  const { period, dimensions, data } = sampled;
  const factor = sampled['factor'] ?? 1;
  if (typeof origin !== 'number') throw malformed(`${path}.origin`, 'origin.value is no number');
  if (typeof period !== 'number' || period <= 0) throw malformed(`${path}.period`, 'the period is no positive number');
  if (typeof factor !== 'number') throw malformed(`${path}.factor`, 'the factor is no number');
  const words = typeof data === 'string' ? data.split(/\s+/).filter((word) => word !== '') : [];
  const values = Float64Array.from(words, (word, i) => origin + sampleOf(word, i, path) * factor);
  if (typeof dimensions !== 'number' || values.length % dimensions !== 0)
    throw malformed(
      `${path}.data`,
      `${values.length} samples are not whole points of ${String(dimensions)} dimensions`,
    );
  return dimensions === 1 ? { start, period, values } : undefined;
}

function sampleOf(word: string, i: number, path: string): number {
  if (word === 'E' || word === 'U' || word === 'L') return Number.NaN;
  const sample = Number(word);
  if (!DECIMAL.test(word) || !Number.isFinite(sample))
    throw malformed(`${path}.data`, `'${word.slice(0, 20)}' (sample ${i}) is neither a decimal nor E, U or L`);
  return sample;
}

const malformed = (expression: string, reason: string): Problem =>
  new Problem('invalid', `${expression}: ${reason}`, { expression: [expression] });

/** Every SampledData of an Observation with the path of its element. */
export function* sampledDataOf(observation: JsonObject): Generator<readonly [sampled: JsonObject, path: string]> {
  const own = observation['valueSampledData'];
  if (isObject(own)) yield [own, 'Observation.valueSampledData'];
  const components: Json | undefined = observation['component'];
  if (!Array.isArray(components)) return;
  for (const [i, component] of components.entries()) {
    const sampled = isObject(component) ? component['valueSampledData'] : undefined;
    if (isObject(sampled)) yield [sampled, `Observation.component[${i}].valueSampledData`];
  }
}
