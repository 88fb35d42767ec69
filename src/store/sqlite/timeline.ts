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

/** Reference parameters that name the patient of a timeline. */
export const TIMELINE_PATIENT: readonly string[] = ['patient', 'subject'];
/** The code under which a timeline row is found whatever its code. */
export const ANY_CODE = 0;

/**
 * Rows of the compound path patient, type, code, date: flat (patient, code, high, low, many), one per patient and
 * code and one more for any code. Of several dates the latest stands for all (`many` = 1 says that there are others).
 */
export function timelineRows(type: string, values: readonly IndexValue[], hash: Hash): number[] {
  const param = timelineDate(type);
  const patients = new Set<number>();
  const codes = new Set<number>([ANY_CODE]);
  let high = Number.NEGATIVE_INFINITY;
  let low = 0;
  let dates = 0;
  for (const value of values) {
    if (value.kind === 'date' && value.param === param) {
      dates++;
      if (value.high > high) ({ high, low } = value);
    } else if (value.kind === 'token' && value.param === 'code' && value.code !== null) {
      codes.add(hash(hashed.code(value.code)));
    } else if (
      value.kind === 'reference' &&
      value.type === 'Patient' &&
      value.id !== null &&
      TIMELINE_PATIENT.includes(value.param)
    ) {
      patients.add(hash(hashed.key('Patient', value.id)));
    }
  }
  const rows: number[] = [];
  if (dates === 0) return rows;
  for (const patient of patients) for (const code of codes) rows.push(patient, code, high, low, dates > 1 ? 1 : 0);
  return rows;
}
