import { listOf } from '../src/fhir/resource.ts';
import type { Told } from './account.ts';
import { Client, count } from './client.ts';
import { accessToken } from './server.ts';

/** @throws where a caller without a token, or with another patient's, sees anything of the patient. */
export async function closedByDefault(base: string, ehr: Client, patient: string): Promise<Told> {
  const nobody = await new Client(base).send('GET', patient);
  const other = await ehr.expect([201], 'POST', 'Patient', { resourceType: 'Patient', name: [{ family: 'Other' }] });
  const stranger = new Client(base, accessToken('--scope', 'patient/*.rs', '--patient', String(other['id'])));
  const foreign = await stranger.send('GET', patient);
  const seen = await count(stranger, 'Patient?');
  if (nobody.status !== 401 || ![403, 404].includes(foreign.status) || seen !== 1)
    throw new Error(`not closed: ${nobody.status}, ${foreign.status}, ${seen}`);
  return {
    title: 'Closed by default',
    lines: [
      `Without a token: ${nobody.status}. With another patient’s token: ${foreign.status}; that token counts ${seen} patient, its own`,
    ],
  };
}

/** @throws where the audit trail does not tell of what was done. */
export async function audited(officer: Client, patient: string): Promise<Told> {
  const page = await officer.expect([200], 'GET', `AuditEvent?patient=${patient}&_count=100`);
  const events = listOf(page['entry']).length;
  if (events < 10) throw new Error(`only ${events} AuditEvents tell of this patient`);
  return {
    title: 'Audit',
    lines: [`${events === 100 ? 'More than 100' : events} AuditEvents of this patient, reads and searches too`],
  };
}
