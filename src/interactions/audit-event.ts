import { parseJson } from '../fhir/json.ts';
import { instantText } from '../fhir/period.ts';
import { isObject, type Json, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';
import type { StoredAuditRecord } from '../store/audit-log.ts';

const PREFIX = 'a.';

/** True for the ids of AuditEvents that are rendered from the log; clients cannot write those. */
export const isRenderedId = (id: string): boolean => id.startsWith(PREFIX);
const renderedId = (record: Pick<StoredAuditRecord, 'id'>): string => PREFIX + record.id;
export const recordId = (id: string): string => id.slice(PREFIX.length);

const ACTIONS: Readonly<Record<string, string>> = {
  create: 'C',
  update: 'U',
  patch: 'U',
  delete: 'D',
  read: 'R',
  vread: 'R',
  operation: 'E',
  'search-type': 'E',
  'search-system': 'E',
  'history-instance': 'R',
  'history-type': 'R',
  'history-system': 'R',
};
const INTERACTIONS = 'http://hl7.org/fhir/restful-interaction';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

export type RenderedAuditEvent = Resource & { readonly id: string };

/**
 * An AuditEvent (auditevent.html) of one record of the log. Made anew for every reader; the record is what is kept.
 * With `patients`, what it tells of others is left out, and the query too, which may name them.
 */
export function renderAuditEvent(record: StoredAuditRecord, patients?: ReadonlySet<string>): RenderedAuditEvent {
  const content = contentOf(record.text);
  const interaction = text(content['i']);
  const description = text(content['d']);
  const entities = entitiesOf(content, record.version, patients);
  return {
    resourceType: 'AuditEvent',
    id: renderedId(record),
    meta: { versionId: '1', lastUpdated: instantText(record.at) },
    type: { system: `${TERMINOLOGY}/audit-event-type`, code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: INTERACTIONS, code: interaction, display: interaction }],
    action: ACTIONS[interaction] ?? 'E',
    recorded: instantText(record.at),
    outcome: text(content['o']),
    ...(description !== '' && { outcomeDesc: description }),
    agent: agentsOf(content),
    source: {
      observer: { display: 'NovaMind' },
      type: [{ system: `${TERMINOLOGY}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    ...(entities.length > 0 && { entity: entities }),
  };
}

const contentOf = (written: string): JsonObject => {
  const content = parseJson(written);
  return isObject(content) ? content : {};
};
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const LOCAL = /^(?:https?:\/\/.+\/)?[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

/** Who asked: the user where there is one, else the client itself; the client's application beside a user. */
function agentsOf(content: JsonObject): readonly JsonObject[] {
  const user = text(content['u']);
  const client = { identifier: { value: text(content['c']) }, display: text(content['c']) };
  const network = { address: text(content['a']), type: '2' };
  const asking = (who: JsonObject): JsonObject => ({
    who,
    requestor: true,
    ...(network.address !== '' && { network }),
  });
  return user === ''
    ? [asking(client)]
    : [
        asking(LOCAL.test(user) ? { reference: user } : { identifier: { value: user }, display: user }),
        { who: client, requestor: false },
      ];
}

interface Told {
  readonly type: string;
  readonly id: string;
  readonly version: number | undefined;
  readonly patient: string | undefined;
}

function told(content: JsonObject): readonly Told[] {
  let before: readonly Json[] = [];
  return listOf(content['e']).flatMap((entity): readonly Told[] => {
    const members = listOf(entity);
    const [type, id, shown, owner] = members.length === 2 ? [before[0], ...members, before[3]] : members;
    if (members.length !== 2) before = members;
    if (typeof type !== 'string' || typeof id !== 'string') return [];
    const patient = type === 'Patient' ? id : typeof owner === 'string' ? owner : undefined;
    return [{ type, id, version: typeof shown === 'number' ? shown : undefined, patient }];
  });
}

/** The patients whose data the record tells of. */
export const auditedPatients = (record: StoredAuditRecord): ReadonlySet<string> =>
  new Set(told(contentOf(record.text)).flatMap(({ patient }) => patient ?? []));

function entitiesOf(
  content: JsonObject,
  version: number | undefined,
  only: ReadonlySet<string> | undefined,
): readonly JsonObject[] {
  const entities: JsonObject[] = [];
  const named = new Set<string>();
  const patients = new Set<string>();
  for (const entity of told(content)) {
    const { type, id, patient } = entity;
    if (only !== undefined && patient !== undefined && !only.has(patient)) continue;
    entities.push(resourceEntity(type, id, entity.version ?? version));
    named.add(`${type}/${id}`);
    if (patient !== undefined) patients.add(patient);
  }
  // `AuditEvent?patient=` looks at the entities alone, so the record's patients are entities too.
  for (const patient of patients) {
    if (!named.has(`Patient/${patient}`)) entities.push(resourceEntity('Patient', patient, undefined));
  }
  const query = only === undefined ? text(content['q']) : '';
  return [...entities, ...queryEntity(query), ...requestEntity(text(content['r']))];
}

const queryEntity = (query: string): readonly JsonObject[] =>
  query === ''
    ? []
    : [
        {
          type: { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' },
          role: { system: `${TERMINOLOGY}/object-role`, code: '24', display: 'Query' },
          query: Buffer.from(query).toString('base64'),
        },
      ];

/** X-Request-Id, as IHE BALP has it. */
const requestEntity = (request: string): readonly JsonObject[] =>
  request === ''
    ? []
    : [
        {
          what: { identifier: { value: request } },
          type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
        },
      ];

const resourceEntity = (type: string, id: string, version: number | undefined): JsonObject => ({
  what: { reference: version === undefined ? `${type}/${id}` : `${type}/${id}/_history/${version}` },
  type:
    type === 'Patient'
      ? { system: `${TERMINOLOGY}/audit-entity-type`, code: '1', display: 'Person' }
      : { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' },
  role:
    type === 'Patient'
      ? { system: `${TERMINOLOGY}/object-role`, code: '1', display: 'Patient' }
      : { system: `${TERMINOLOGY}/object-role`, code: '4', display: 'Domain Resource' },
});
