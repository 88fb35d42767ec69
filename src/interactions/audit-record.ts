import { jsonString } from '../fhir/json-string.ts';
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

export const patientTerm = (id: string): string => `patient/${id}`;
export const entityTerm = ({ type, id }: ResourceKey): string => `entity/${type}/${id}`;
export const agentTerm = (agent: string): string => `agent/${agent}`;
export const outcomeTerm = (outcome: string): string => `outcome/${outcome}`;

/**
 * The compact record of one access (DESIGN §4), appended before the answer leaves. Its text is JSON with short names,
 * since there is one for every request: i interaction, o outcome, c client, u user, a address, r request id, q query,
 * d description, e entities as [type, id, version, patient], or [id, version] where type and patient are those before.
 */
export function auditRecord(call: Pick<Call, 'world' | 'caller'>, access: Access): AuditRecord {
  const { permit, remoteAddress, requestId } = call.caller;
  const { client, user } = permit.agent;
  const { interaction, outcome = '0', query, description, entities, change } = access;
  const text =
    `{"i":"${interaction}","o":"${outcome}","c":${jsonString(client)}${user === undefined ? '' : `,"u":${jsonString(user)}`}` +
    `,"a":${jsonString(remoteAddress)},"r":${jsonString(requestId)}${query === undefined ? '' : `,"q":${jsonString(query)}`}` +
    `${description === undefined ? '' : `,"d":${jsonString(description)}`},"e":[${entityTexts(entities)}]}`;
  return { at: call.world.now(), text, terms: termsOf(client, user, access), ...(change !== undefined && { change }) };
}

/** The members of `e`. Ids need no escapes, but a refused request may have asked for anything: it names one entity. */
function entityTexts(entities: readonly AuditedEntity[]): string {
  const idText = entities.length === 1 ? jsonString : (id: string): string => `"${id}"`;
  let texts = '';
  let before: AuditedEntity | undefined;
  for (const entity of entities) {
    const { type, id, version, patient } = entity;
    if (before !== undefined) texts += ',';
    // Most pages are of one type and one patient.
    if (before?.type === type && before.patient === patient) texts += `[${idText(id)},${version ?? null}]`;
    else texts += `["${type}",${idText(id)},${version ?? null},${patient ? jsonString(patient) : null}]`;
    before = entity;
  }
  return texts;
}

/** A patient's resources are found by their patient, all others by themselves. */
function termsOf(client: string, user: string | undefined, { entities, outcome }: Access): readonly string[] {
  const terms = [agentTerm(client)];
  if (user !== undefined) terms.push(agentTerm(user));
  if (outcome === '4') terms.push(outcomeTerm('4'));
  let last: string | undefined;
  for (const entity of entities) {
    const patient = entity.type === 'Patient' ? entity.id : entity.patient;
    // Most pages are of one patient.
    if (patient && patient !== last) terms.push(patientTerm(patient));
    if (!patient) terms.push(entityTerm(entity));
    last = patient ?? undefined;
  }
  return terms.length < 4 ? terms : [...new Set(terms)];
}

/** Appends the record of an access; resolves when it is durable. */
export const recordAccess = (call: Pick<Call, 'world' | 'caller'>, access: Access): Promise<void> =>
  call.world.store.audit.append(auditRecord(call, access));
