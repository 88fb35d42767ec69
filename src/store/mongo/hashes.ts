import { hash } from 'node:crypto';

const CACHED = 100_000;

/** Turns what a resource is found by into a number, always the same, that says nothing without the search key. */
export type Hash = (form: string) => number;

/**
 * A keyed hash to 53 bits: what a JavaScript number holds exactly and an index entry keeps small. Two forms meet by
 * chance once in 10^16; where a mistake would show a patient to another, filters test a second, independent form too.
 */
export function makeHash(searchKey: Buffer): Hash {
  const secret = searchKey.toString('base64');
  const known = new Map<string, number>();
  return (form) => {
    const before = known.get(form);
    if (before !== undefined) return before;
    // SHA-256 of secret and text, cut to 53 bits, needs no HMAC construction: an extension shows in no cut digest.
    const value =
      Number.parseInt(hash('sha256', `${secret}\0${form}`, 'hex').slice(0, 14), 16) % Number.MAX_SAFE_INTEGER;
    if (known.size >= CACHED) known.clear();
    known.set(form, value);
    return value;
  };
}

/** Separates the parts of a form; no FHIR string holds it (control characters are refused at the edge). */
const S = '\u0001';

/**
 * The searchable forms, as texts to be hashed. Forms that start an index path carry the resource type; the others
 * are tested beside it. Written out as templates: a resource has some fifty of them.
 */
export const forms = {
  code: (type: string, param: string, code: string) => `c${S}${type}${S}${param}${S}${code}`,
  systemCode: (param: string, system: string | null, code: string) => `sc${S}${param}${S}${system ?? ''}${S}${code}`,
  system: (param: string, system: string | null) => `s${S}${param}${S}${system ?? ''}`,
  ofType: (type: string, param: string, code: string, value: string) =>
    `ot${S}${type}${S}${param}${S}${code}${S}${value}`,
  ofTypeSystem: (param: string, system: string | null, code: string, value: string) =>
    `ots${S}${param}${S}${system ?? ''}${S}${code}${S}${value}`,
  referenceId: (type: string, param: string, id: string) => `r${S}${type}${S}${param}${S}${id}`,
  reference: (param: string, target: string, id: string) => `rt${S}${param}${S}${target}${S}${id}`,
  referenceVersion: (param: string, target: string | null, id: string, version: string) =>
    `rv${S}${param}${S}${target ?? ''}${S}${id}${S}${version}`,
  referenceType: (param: string, target: string) => `rtype${S}${param}${S}${target}`,
  url: (type: string, param: string, url: string) => `u${S}${type}${S}${param}${S}${url}`,
  identifierValue: (type: string, param: string, value: string) => `iv${S}${type}${S}${param}${S}${value}`,
  identifier: (param: string, system: string | null, value: string | null) =>
    `i${S}${param}${S}${system ?? ''}${S}${value ?? ''}`,
  identifierSystem: (param: string, system: string | null) => `is${S}${param}${S}${system ?? ''}`,
  /** The patient named by any reference of a resource of `type`. */
  patient: (type: string, patient: string) => `p${S}${type}${S}${patient}`,
  patientCode: (type: string, patient: string, param: string, code: string) =>
    `pc${S}${type}${S}${patient}${S}${param}${S}${code}`,
  present: (param: string, kind: string) => `has${S}${param}${S}${kind}`,
  values: (type: string, param: string) => `v${S}${type}${S}${param}`,
  texts: (type: string, param: string) => `t${S}${type}${S}${param}`,
  canonical: (type: string, param: string) => `ucum${S}${type}${S}${param}`,
  unit: (code: string) => `un${S}${code}`,
  unitSystem: (system: string) => `us${S}${system}`,
  systemUnit: (system: string | null, code: string) => `su${S}${system ?? ''}${S}${code}`,
};

/**
 * Resources below a patient lie on paths of their own by how long their main date lasts (ms, at most): one end then
 * bounds the other. `open`: any length, or no main date. `many`: several main dates, which no two numbers bound.
 */
export const SPANS = {
  moment: 60_000,
  day: 86_400_000,
  open: Number.POSITIVE_INFINITY,
  many: Number.POSITIVE_INFINITY,
} as const;
export type Dated = keyof typeof SPANS;

const MARKS: Readonly<Record<Dated, string>> = { moment: `${S}m`, day: `${S}d`, open: '', many: `${S}*` };

export const datedPath = (path: string, dated: Dated): string => `${path}${MARKS[dated]}`;
