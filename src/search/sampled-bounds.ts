import type { JsonObject } from '../fhir/resource.ts';
import { isObject } from '../fhir/resource.ts';

/**
 * Lowest and highest value of a SampledData in the unit of its origin: data × factor + origin; `E` says nothing, `L` and `U`
 * stand for the limits (datatypes.html#SampledData). Undefined where there is no value.
 */
export const sampleBounds = (sampled: JsonObject): { readonly low: number; readonly high: number } | undefined => {
  const data = sampled['data'];
  const origin = isObject(sampled['origin']) ? sampled['origin']['value'] : undefined;
  if (typeof data !== 'string') return undefined;
  const factor = typeof sampled['factor'] === 'number' ? sampled['factor'] : 1;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const sample of data.split(' ')) {
    const limit = sample === 'L' ? sampled['lowerLimit'] : sample === 'U' ? sampled['upperLimit'] : undefined;
    const value = typeof limit === 'number' ? limit : sample === '' ? Number.NaN : Number(sample);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return undefined;
  const shift = typeof origin === 'number' ? origin : 0;
  const [a, b] = [least * factor + shift, most * factor + shift];
  return a <= b ? { low: a, high: b } : { low: b, high: a };
};
