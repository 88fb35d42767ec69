import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource, type Resource } from '../fhir/resource.ts';
import { inPatientCompartment } from '../search/compartment.ts';
import { and, type Predicate } from '../search/query.ts';
import type { Recorded } from '../series/recorded.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Caller, World } from './context.ts';
import { permitted } from './permission.ts';

const PAGE = 500;
/** JSON text of one record that is held in memory at once. */
const MOST_BYTES = 200_000_000;

/**
 * Every current resource of a type in a patient's compartment that the caller may search and that satisfies `where`,
 * newest first, each with the versioned reference by which it can be cited.
 * @throws Problem `forbidden` where the caller may not search the type, `too-costly` where it is too much to sum up at once.
 */
export async function patientRecord(
  world: World,
  caller: Caller,
  patient: string,
  type: string,
  where: Predicate = { kind: 'all' },
): Promise<readonly Recorded[]> {
  const query = {
    types: [type],
    where: inRecord({ world, caller }, patient, type, where),
    sort: [],
    count: PAGE,
    total: 'none',
  } as const;
  const recorded: Recorded[] = [];
  let bytes = 0;
  let position: readonly (string | number | null)[] | undefined;
  do {
    const page = await world.store.search(position ? { ...query, cursor: { direction: 'next', position } } : query);
    for (const match of page.matches) {
      bytes += match.body.length;
      if (bytes > MOST_BYTES)
        throw new Problem(
          'too-costly',
          `More than ${MOST_BYTES / 1e6} MB of ${type}s are recorded of this time; ask for less`,
        );
      recorded.push(...recordedOf(match));
    }
    position = page.next;
  } while (position);
  return recorded;
}

/** The newest `count` of them; one page is read. */
export async function newest(
  { world, caller }: Asking,
  patient: string,
  type: string,
  where: Predicate,
  count: number,
): Promise<readonly Recorded[]> {
  const all = inRecord({ world, caller }, patient, type, where);
  const page = await world.store.search({ types: [type], where: all, sort: [], count, total: 'none' });
  return page.matches.flatMap(recordedOf);
}

/** The one of them with the latest date, by the search parameter `param`; one row is read. */
export async function latest(
  { world, caller }: Asking,
  patient: string,
  type: string,
  param: string,
  where: Predicate,
): Promise<Resource | undefined> {
  const page = await world.store.search({
    types: [type],
    where: inRecord({ world, caller }, patient, type, where),
    sort: [{ param, kind: 'date', descending: true }],
    count: 1,
    total: 'none',
  });
  const [match] = page.matches;
  const resource = match && parseJson(match.body);
  return isResource(resource) ? resource : undefined;
}

interface Asking {
  readonly world: World;
  readonly caller: Caller;
}

function recordedOf({ type, id, version, body }: StoredVersion): readonly Recorded[] {
  const resource = parseJson(body);
  return isResource(resource) ? [{ resource, reference: `${type}/${id}/_history/${version}` }] : [];
}

const inRecord = ({ world, caller }: Asking, patient: string, type: string, where: Predicate): Predicate =>
  and(inPatientCompartment(world.registry, type, patient), permitted(caller, 's', type), where);
