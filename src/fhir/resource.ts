/** Any JSON value. Numbers keep their literal beside them (see json.ts), so `0.10` survives. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object whose members are read with narrowing, never with casts. */
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

/** A FHIR resource as parsed at the edge: `resourceType` is known to be an R4 type, the rest is checked by validation. */
export interface Resource extends JsonObject {
  readonly resourceType: string;
  readonly id?: string;
}

/** True for JSON objects (not arrays, not null). */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True where the value has the shape of a resource; says nothing of whether the type exists. */
export const isResource = (value: unknown): value is Resource =>
  isObject(value) && typeof value['resourceType'] === 'string';

/** The value as a list: arrays as they are, absent as empty, anything else as one item. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as Json];
