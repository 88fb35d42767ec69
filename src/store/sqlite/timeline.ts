import type { IndexValue } from '../../search/index-values.ts';
import { type Hash, hashed } from './hash.ts';

// The date by which clinicians order a type's resources, where it is not `date`.
const DATED_BY: Readonly<Record<string, string>> = {
  MedicationRequest: 'authoredon',
  ServiceRequest: 'authored',
  Condition: 'recorded-date',
  MedicationAdministration: 'effective-time',
  MedicationStatement: 'effective',
  Communication: 'sent',
  QuestionnaireResponse: 'authored',
  Task: 'authored-on',
};

/** The parameter whose dates the timeline holds for a type. */
export const timelineDate = (type: string): string => DATED_BY[type] ?? 'date';

/** Reference parameters that name the patient of a timeline, each with the bit in `facts` that says that it does. */
const NAMED_BY = new Map([
  ['patient', 2],
  ['subject', 4],
]);
/** The bit of a parameter, which names a timeline's patient, in `facts`; undefined where it cannot name one. */
export const namedBit = (param: string): number | undefined => NAMED_BY.get(param);
/** The bit in `facts` that says that there are other dates. */
export const MANY = 1;
/** The code under which a timeline row is found whatever its code. */
export const ANY_CODE = 0;

/** Cells of a timeline row. */
export const TIMELINE_WIDTH = 6;

/**
 * Rows of the compound path patient, type, code, date: flat (patient, code, high, low, facts, system), one per patient
 * and code and one more for any code. Of several dates the latest stands for all. What the facts and the system say
 * needs no look at other tables; the system is null where several systems have the code.
 */
export function timelineRows(type: string, values: readonly IndexValue[], hash: Hash): (number | null)[] {
  const param = timelineDate(type);
  const patients = new Map<number, number>();
  const codes = new Map<number, number | null>([[ANY_CODE, null]]);
  let high = Number.NEGATIVE_INFINITY;
  let low = 0;
  let dates = 0;
  for (const value of values) {
    if (value.kind === 'date' && value.param === param) {
      dates++;
      if (value.high > high) ({ high, low } = value);
    } else if (value.kind === 'token' && value.param === 'code' && value.code !== null) {
      const code = hash.code(value.code);
      const system = value.system === null ? 0 : hash.system(value.system);
      codes.set(code, codes.has(code) && codes.get(code) !== system ? null : system);
    } else if (
      value.kind === 'reference' &&
      value.type === 'Patient' &&
      value.id !== null &&
      NAMED_BY.has(value.param)
    ) {
      const patient = hash(hashed.key('Patient', value.id));
      patients.set(patient, (patients.get(patient) ?? 0) | (NAMED_BY.get(value.param) ?? 0));
    }
  }
  const rows: (number | null)[] = [];
  if (dates === 0) return rows;
  const many = dates > 1 ? MANY : 0;
  for (const [patient, named] of patients)
    for (const [code, system] of codes) rows.push(patient, code, high, low, named | many, system);
  return rows;
}
