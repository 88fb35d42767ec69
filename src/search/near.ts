import { isObject, type JsonObject } from '../fhir/resource.ts';
import { type Asked, refuse } from './asked.ts';
import { componentParam } from './composite.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import type { IndexValue } from './index-values.ts';
import { modifierOf } from './modifiers.ts';
import type { NearPredicate, Predicate } from './query.ts';
import { baseUnit, inBaseUnits } from './ucum.ts';

/** Location's parameter, the one of type special that is answered. */
export const NEAR = 'near';

/** Mean radius of the earth, metres. */
const RADIUS = 6_371_008.8;
/** What is near where the client leaves that to the server, metres. */
const BY_DEFAULT = 50_000;

type Point = NearPredicate['center'];

const onSphere = (latitude: number, longitude: number): Point => {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
};

/** Writes Location.position as a point of the unit sphere: distances are then straight lines, without seams or poles. */
export const positionWriter =
  (param: string) =>
  (resource: JsonObject, out: IndexValue[]): void => {
    const position = resource['position'];
    if (!isObject(position)) return;
    const { latitude, longitude } = position;
    if (typeof latitude !== 'number' || typeof longitude !== 'number') return;
    for (const [n, value] of onSphere(latitude, longitude).entries())
      out.push({ kind: 'number', param: componentParam(param, n), group: 0, value, low: value, high: value });
  };

/** `latitude|longitude[|distance[|units]]` (location.html#search): within the distance, 50 km by default; units are km unless stated. */
export const nearPredicate = ({ param, modifier, value, name }: Asked): Predicate => {
  modifierOf('special', { modifier, name });
  const [latitude, longitude, distance = '', unit = '', ...more] = splitUnescaped(value, '|').map(unescaped);
  const [lat, lon] = [degrees(latitude, 90), degrees(longitude, 180)];
  if (lat === undefined || lon === undefined || more.length > 0)
    return refuse(name, `'${value}' is malformed: use latitude|longitude|distance|units, with degrees in decimals`);
  if (distance === '' && unit !== '') return refuse(name, `'${value}' states units without a distance`);
  const metres = distance === '' ? BY_DEFAULT : distanceOf(name, distance, unit === '' ? 'km' : unit);
  const angle = Math.min(metres / RADIUS, Math.PI);
  return { kind: 'near', param, center: onSphere(lat, lon), chord: 2 * Math.sin(angle / 2) };
};

const degrees = (text: string | undefined, most: number): number | undefined => {
  if (text === undefined || !/^[+-]?\d{1,3}(\.\d+)?$/.test(text)) return undefined;
  return Math.abs(Number(text)) <= most ? Number(text) : undefined;
};

const distanceOf = (name: string, text: string, unit: string): number => {
  if (!/^\d+(\.\d+)?$/.test(text)) return refuse(name, `'${text}' is no distance`);
  const base = baseUnit(unit);
  return base?.unit === 'm' ? inBaseUnits(Number(text), base) : refuse(name, `'${unit}' is no UCUM unit of length`);
};

/** Whether a written position lies within the distance. */
export const isNear = (values: readonly IndexValue[], { param, center, chord }: NearPredicate): boolean => {
  const point = center.map((_, n) => values.find((it) => it.param === componentParam(param, n)));
  let square = 0;
  for (const [n, value] of point.entries()) {
    if (value?.kind !== 'number') return false;
    square += (value.value - (center[n] ?? 0)) ** 2;
  }
  return square <= chord * chord;
};
