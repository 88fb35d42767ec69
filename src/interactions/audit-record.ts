import type { ResourceKey } from '../fhir/ids.ts';
import type { AuditRecord } from '../store/audit-log.ts';
import type { Call } from './context.ts';

/** A resource that was shown or written. `patient` is the one whose record it belongs to, where that is known. */
export interface AuditedEntity extends ResourceKey {
  readonly version?: number | undefined;
  readonly patient?: string | null;
}
/** One access, before it is written down. */
export interface Access {
  /** Code of valueset-type-restful-interaction.html, or `operation`. */
  readonly interaction: string;
  readonly entities: readonly AuditedEntity[];
  /** valueset-audit-event-outcome.html: 0 success, 4 refused or failed. */
  readonly outcome?: '0' | '4';
  /** The search as asked: it can name patients, and is sealed with the record. */
  readonly query?: string;
  readonly description?: string;
  /** Index of the change in its commit. */
  readonly change?: number;
}

/** What the bytes of a record hold; short names, since there is one for every request. */
interface RecordContent {
  readonly i: string;
  readonly o: '0' | '4';
  /** client, user, address, request id */
  readonly c: string;
  readonly u?: string | undefined;
  readonly a: string;
  readonly r: string;
  readonly q?: string | undefined;
  readonly d?: string | undefined;
  /** [type, id, version, patient] */
  readonly e: readonly (readonly [string, string, number | null, string | null])[];
}

export const patientTerm = (id: string): string => `patient/${id}`;
export const entityTerm = ({ type, id }: ResourceKey): string => `entity/${type}/${id}`;
export const agentTerm = (agent: string): string => `agent/${agent}`;
export const outcomeTerm = (outcome: string): string => `outcome/${outcome}`;

/** The compact record of one access (DESIGN §4), appended before the answer leaves. */
export function auditRecord(call: Pick<Call, 'world' | 'caller'>, access: Access): AuditRecord {
  const { permit, remoteAddress, requestId } = call.caller;
  const content: Omit<RecordContent, 'e'> = {
    i: access.interaction,
    o: access.outcome ?? '0',
    c: permit.agent.client,
    u: permit.agent.user,
    a: remoteAddress,
    r: requestId,
    q: access.query,
    d: access.description,
  };
  return {
    at: call.world.now(),
    bytes: Buffer.from(`${JSON.stringify(content).slice(0, -1)},"e":[${access.entities.map(entityText).join(',')}]}`),
    terms: termsOf(call, access),
    ...(access.change !== undefined && { change: access.change }),
  };
}

const PLAIN = /^[\w.-]*$/;
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** One of `e`. Ids need no escapes, but a refused request may have asked for anything. */
const entityText = ({ type, id, version, patient }: AuditedEntity): string =>
  `["${type}",${quoted(id)},${version ?? null},${patient ? quoted(patient) : null}]`;

/** A patient's resources on a search page are found by their patient; all others, and single accesses, by themselves too. */
function termsOf(call: Pick<Call, 'caller'>, access: Access): readonly string[] {
  const { client, user } = call.caller.permit.agent;
  const terms = new Set<string>([agentTerm(client)]);
  if (user !== undefined) terms.add(agentTerm(user));
  if (access.outcome === '4') terms.add(outcomeTerm('4'));
  const single = access.entities.length === 1;
  for (const entity of access.entities) {
    const patient = entity.type === 'Patient' ? entity.id : entity.patient;
    if (patient) terms.add(patientTerm(patient));
    if (single || !patient) terms.add(entityTerm(entity));
  }
  return [...terms];
}

/** Appends the record of an access; resolves when it is durable. */
export const recordAccess = (call: Pick<Call, 'world' | 'caller'>, access: Access): Promise<void> =>
  call.world.store.audit.append(auditRecord(call, access));
