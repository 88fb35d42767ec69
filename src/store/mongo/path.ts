import type { Range } from '../../search/query.ts';
import { type Compiled, type Filter, oneOf } from './filter.ts';
import { type Dated, datedPath, forms, type Hash, SPANS } from './hashes.ts';
import { type DateBounds, highBounds, intersection, lowBounds, outerBounds } from './ranges.ts';

/** Crossings of patients and codes up to this many become starting points; beyond it codes are tested. */
const MOST_PATHS = 64;

/** Patients searched one by one. */
const MOST_PATIENTS = 1000;

export type DateField = keyof DateBounds;

/** How the matches of one type are reached. */
export interface Path {
  /** Exact: every match and nothing else. `type` and `live` included. */
  readonly filter: Filter;
  /** Which index the path starts on. */
  readonly start: 'id' | 'patient' | 'key' | 'type' | 'all' | 'mixed';
  /** Resources without a main date cannot match. */
  readonly dated: boolean;
  /** Of a path that starts at patients: what an index alone tests, `by` its leading date, and what is left to test. */
  readonly below?: { readonly entry: (by: DateField | undefined) => Filter; readonly rest: readonly Filter[] };
}

const EVERY = Object.keys(SPANS) as Dated[];

/** Starting points below the patients, narrowed by codes where they have paths of their own. */
function belowPatients(
  hash: Hash,
  type: string,
  patients: readonly string[],
  members: readonly Compiled[],
): (dated: Dated) => number[] {
  const coded = members.find((m) => m.codes && m.codes.values.length * patients.length <= MOST_PATHS)?.codes;
  const paths = patients.flatMap((patient) =>
    coded
      ? coded.values.map((code) => forms.patientCode(type, patient, coded.param, code))
      : [forms.patient(type, patient)],
  );
  return (dated) => paths.map((path) => hash(datedPath(path, dated)));
}

/**
 * The starting points with what is asked of the main date. Where the index's leading date is bounded alike on all
 * paths, one list of them will do.
 */
function entry(starts: (dated: Dated) => number[], mainDate: Range | undefined, by?: DateField): Filter {
  const pkey = oneOf(EVERY.flatMap(starts));
  if (!mainDate) return { pkey };
  const bounds = EVERY.map((dated) => mainDateBounds(mainDate, dated));
  const outer = outerBounds(mainDate);
  const wanted = by && JSON.stringify(outer[by]);
  if (by && bounds.every((b) => JSON.stringify(b[by]) === wanted)) return { pkey, ...outer };
  return { $or: EVERY.map((dated, n) => ({ pkey: oneOf(starts(dated)), ...bounds[n] })) };
}

function mainDateBounds(range: Range, dated: Dated): DateBounds {
  if (dated === 'many') return outerBounds(range);
  const date = lowBounds(range, SPANS[dated]);
  const dateEnd = highBounds(range, SPANS[dated]);
  return { ...(date && { date }), ...(dateEnd && { dateEnd }) };
}

/**
 * Chooses the way in: ids, else an identifier, else the patient, else the rarest key. A patient's path is chosen
 * without counting, since no other value (identifiers apart) has fewer resources.
 */
export function choosePath(hash: Hash, type: string, members: readonly Compiled[]): Path {
  const exact = members.map((m) => m.filter).filter((f) => Object.keys(f).length > 0);
  const mainDate = intersection(members.flatMap((m) => m.mainDate ?? []));
  const dated = mainDate !== undefined;
  const base: Filter = { type, live: true };
  const all = (start?: Filter): Filter => {
    const conditions = start && Object.keys(start).length > 0 ? [start, ...exact] : exact;
    return conditions.length === 0 ? base : { ...base, $and: conditions };
  };
  if (members.some((m) => '_id' in m.filter)) return { filter: all(), start: 'id', dated };
  const keyed = members.filter((m) => m.keys).sort((a, b) => (a.keys?.rank ?? 9) - (b.keys?.rank ?? 9));
  const patients = members.find((m) => m.patients)?.patients;
  const [best] = keyed;
  // A chain that leads to very many patients narrows less than any code.
  const narrow = patients !== undefined && (patients.length <= MOST_PATIENTS || best === undefined);
  if (patients && narrow && best?.keys?.rank !== 1) {
    const starts = belowPatients(hash, type, patients, members);
    const below = { entry: (by: DateField | undefined) => entry(starts, mainDate, by), rest: exact };
    return { filter: all(entry(starts, mainDate)), start: 'patient', dated, below };
  }
  if (best?.keys) return { filter: all({ key: oneOf(best.keys.values) }), start: 'key', dated };
  return { filter: all(mainDate && outerBounds(mainDate)), start: 'type', dated };
}
