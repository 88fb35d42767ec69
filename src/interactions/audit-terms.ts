import type { ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import { COMPARTMENT } from '../search/index-values.ts';
import { followsLinks } from '../search/predicate-walk.ts';
import type { DatePredicate, Predicate, Range, ReferencePredicate } from '../search/query.ts';
import { agentTerm, entityTerm, outcomeTerm, patientTerm } from './audit-record.ts';
import type { World } from './context.ts';

/** What narrows the log before its records are rendered and judged one by one. */
export interface AuditCandidates {
  /** Of each group a match carries at least one. */
  readonly terms: readonly (readonly string[])[];
  readonly low?: number;
  readonly high?: number;
  /** The search is for these ids alone. */
  readonly ids?: readonly string[];
}

/** What every match of the predicate must carry. Throws Problem `not-supported` where rendered AuditEvents cannot be judged. */
export async function auditCandidates(world: World, where: Predicate): Promise<AuditCandidates> {
  refuseChains(where);
  const parts = where.kind === 'and' ? where.of : [where];
  const terms: (readonly string[])[] = [];
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let ids: readonly string[] | undefined;
  for (const part of parts) {
    if (part.kind === 'reference') {
      const group = await referenceTerms(world, part);
      if (group.length > 0) terms.push(group);
    } else if (part.kind === 'id') ids = part.ids;
    else if (part.kind === 'token' && part.param === 'outcome' && part.match.by === 'code' && part.match.code === '4') {
      terms.push([outcomeTerm('4')]);
    } else if (part.kind === 'lastUpdated' || (part.kind === 'date' && part.param === 'date')) {
      const bounds = instantBounds(part);
      low = Math.max(low, bounds.low);
      high = Math.min(high, bounds.high);
    }
  }
  return {
    terms,
    ...(low !== Number.NEGATIVE_INFINITY && { low }),
    ...(high !== Number.POSITIVE_INFINITY && { high }),
    ...(ids !== undefined && { ids }),
  };
}

/** One of these; none where the reference narrows nothing. */
async function referenceTerms(world: World, { param, target }: ReferencePredicate): Promise<readonly string[]> {
  if (target.by === 'identifier')
    return param === 'agent' && target.value !== undefined ? [agentTerm(target.value)] : [];
  if (target.by !== 'local') return [];
  const { type, id } = target;
  if (param === COMPARTMENT || param === 'patient') return [patientTerm(id)];
  if (type === undefined) return [];
  if (param === 'agent') return [agentTerm(`${type}/${id}`)];
  if (param !== 'entity') return [];
  if (type === 'Patient') return [patientTerm(id)];
  return [entityTerm({ type, id }), ...(await patientsOf(world, { type, id })).map(patientTerm)];
}

const VERSIONS = 200;

/** Every patient whose record the resource was ever part of: accesses are filed under them, see audit-record.ts. */
async function patientsOf(world: World, key: ResourceKey): Promise<readonly string[]> {
  const patients = new Set<string>();
  let after: string | undefined;
  do {
    const page = await world.store.history({ ...key, count: VERSIONS, ...(after !== undefined && { after }) });
    for (const { patient } of page.versions) if (patient) patients.add(patient);
    after = page.next;
  } while (after !== undefined);
  return [...patients];
}

/** Records are instants: both ends of the interval are one. */
function instantBounds({ range }: { readonly range: Range } | DatePredicate): { low: number; high: number } {
  const above = (value: number | undefined): number => (value === undefined ? Number.NEGATIVE_INFINITY : value + 1);
  const below = (value: number | undefined): number => (value === undefined ? Number.POSITIVE_INFINITY : value - 1);
  const { lowAtLeast, highAtLeast, lowAtMost, highAtMost, lowAbove, highAbove, lowBelow, highBelow } = range;
  const none = Number.POSITIVE_INFINITY;
  return {
    low: Math.max(lowAtLeast ?? -none, highAtLeast ?? -none, above(lowAbove), above(highAbove)),
    high: Math.min(lowAtMost ?? none, highAtMost ?? none, below(lowBelow), below(highBelow)),
  };
}

function refuseChains(where: Predicate): void {
  if (!followsLinks(where)) return;
  throw new Problem(
    'not-supported',
    'Chained parameters are not answered for AuditEvent; name patient, agent or entity itself',
  );
}
