import type { AuditRecord } from '../store/audit-log.ts';
import { type AuditedEntity, auditRecord } from './audit-record.ts';
import type { Planned } from './commit.ts';
import type { Call } from './context.ts';

const INTERACTIONS = { POST: 'create', PUT: 'update', PATCH: 'patch' } as const;

/**
 * The audit records of a commit. New resources are at version 1 whatever happens, so those of one patient share a
 * record; of every other change the store fills in the version that it made.
 */
export function writeRecords(call: Call, changes: readonly Planned[]): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  const created = new Map<string | null, AuditedEntity[]>();
  for (const [change, planned] of changes.entries()) {
    if (planned.kind === 'delete') {
      const entity = { ...planned.key, patient: planned.patient };
      records.push(auditRecord(call, { interaction: 'delete', entities: [entity], change }));
      continue;
    }
    const { type, id, patient } = planned.drafted.draft;
    if (planned.method === 'POST') {
      const group = created.get(patient) ?? [];
      group.push({ type, id, patient, version: 1 });
      created.set(patient, group);
    } else {
      const interaction = INTERACTIONS[planned.method];
      records.push(auditRecord(call, { interaction, entities: [{ type, id, patient }], change }));
    }
  }
  for (const entities of created.values()) records.push(auditRecord(call, { interaction: 'create', entities }));
  return records;
}
