import { type Compiled, type Filter, oneOf } from './filter.ts';
import { forms, type Hash, manyDated } from './hashes.ts';

/** Crossings of patients and codes up to this many become starting points; beyond it codes are tested. */
const MOST_PATHS = 64;

/** Patients searched one by one. */
const MOST_PATIENTS = 1000;

/** How the matches of one type are reached. */
export interface Path {
  /** Exact: every match and nothing else. `type` and `live` included. */
  readonly filter: Filter;
  /** Which index the path starts on. */
  readonly start: 'id' | 'patient' | 'key' | 'type' | 'all' | 'mixed';
}

/** Starting points below the patients, narrowed by codes where they have paths of their own. */
function belowPatients(
  hash: Hash,
  type: string,
  patients: readonly string[],
  members: readonly Compiled[],
  mainDate: Filter,
): Filter {
  const coded = members.find((m) => m.codes && m.codes.values.length * patients.length <= MOST_PATHS)?.codes;
  const paths = patients.flatMap((patient) =>
    coded
      ? coded.values.map((code) => forms.patientCode(type, patient, coded.param, code))
      : [forms.patient(type, patient)],
  );
  const single = oneOf(paths.map((p) => hash(p)));
  const many = oneOf(paths.map((p) => hash(manyDated(p))));
  if (Object.keys(mainDate).length > 0) return { $or: [{ pkey: single, ...mainDate }, { pkey: many }] };
  return { pkey: oneOf(paths.flatMap((p) => [hash(p), hash(manyDated(p))])) };
}

/**
 * Chooses the way in: ids, else an identifier, else the patient, else the rarest key. A patient's path is chosen
 * without counting, since no other value (identifiers apart) has fewer resources.
 */
export function choosePath(hash: Hash, type: string, members: readonly Compiled[]): Path {
  const exact = members.map((m) => m.filter).filter((f) => Object.keys(f).length > 0);
  const base: Filter = { type, live: true };
  const all = (start?: Filter): Filter => {
    const conditions = start ? [start, ...exact] : exact;
    return conditions.length === 0 ? base : { ...base, $and: conditions };
  };
  if (members.some((m) => '_id' in m.filter)) return { filter: all(), start: 'id' };
  const keyed = members.filter((m) => m.keys).sort((a, b) => (a.keys?.rank ?? 9) - (b.keys?.rank ?? 9));
  const patients = members.find((m) => m.patients)?.patients;
  const [best] = keyed;
  // A chain that leads to very many patients narrows less than any code.
  const narrow = patients !== undefined && (patients.length <= MOST_PATIENTS || best === undefined);
  if (patients && narrow && best?.keys?.rank !== 1) {
    const mainDate = members.find((m) => m.mainDate)?.mainDate ?? {};
    return { filter: all(belowPatients(hash, type, patients, members, mainDate)), start: 'patient' };
  }
  if (best?.keys) return { filter: all({ key: oneOf(best.keys.values) }), start: 'key' };
  return { filter: all(), start: 'type' };
}
