import { instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject, Resource } from '../../src/fhir/resource.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { SOFTWARE_DEVICE } from '../../src/interactions/software-device.ts';
import { readable, visible } from '../../src/interactions/visible.ts';
import { citedIn, type DocumentEntry, documentBundle } from '../../src/operation/document.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { LOINC } from '../../src/series/codes.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import { definition } from './definition.ts';
import { type Gathered, gather, MOST } from './gather.ts';
import { line, narrative } from './narrative.ts';
import { SECTIONS } from './sections.ts';

/** A section with what its entries refer to. */
interface Written {
  readonly section: JsonObject;
  readonly entries: readonly DocumentEntry[];
}

/** `Patient/[id]/$summary`. */
export const summary = operation(definition, async (call) => {
  const { target, world } = call;
  if (target.level !== 'instance') throw new Problem('not-supported', '$summary is called on one Patient');
  const patient = await readable(call, target.key);
  const patientUrl = urlOf(call, patient);
  const gathered = await Promise.all(SECTIONS.map((plan) => gather(call, target.key.id, plan)));
  const medications = await medicationsOf(call, gathered);
  const written = gathered.flatMap((section) => writeSection(call, section, patientUrl, medications) ?? []);
  const versions = [
    patient,
    ...gathered.flatMap(({ found }) => found.map(({ version }) => version)),
    ...medications.values(),
  ];
  await recordAccess(call, { interaction: 'operation', entities: versions, description: '$summary' });

  const composition: Resource = {
    resourceType: 'Composition',
    id: world.newId(),
    text: narrative([
      `Patient summary as of ${instantText(world.now()).slice(0, 10)}, from what is stored on this server.`,
    ]),
    status: 'final',
    type: { coding: [{ system: LOINC, code: '60591-5', display: 'Patient summary Document' }] },
    subject: { reference: patientUrl },
    date: instantText(world.now()),
    author: [{ reference: `${world.base}/Device/${SOFTWARE_DEVICE.id}` }],
    title: 'International Patient Summary',
    section: written.map(({ section }) => section),
  };
  const entries = [
    { fullUrl: `urn:uuid:${String(composition.id)}`, resource: composition },
    stored(call, patient),
    { fullUrl: `${world.base}/Device/${SOFTWARE_DEVICE.id}`, resource: SOFTWARE_DEVICE },
    ...written.flatMap((section) => section.entries),
    ...[...medications.values()].map((version) => stored(call, version)),
  ];
  const once = [...new Map(entries.map((entry) => [entry.fullUrl, entry])).values()];
  return outputAnswer(definition, { return: documentBundle(world, once) });
});

const urlOf = ({ world }: Call, { type, id }: StoredVersion): string => `${world.base}/${type}/${id}`;
const stored = (call: Call, version: StoredVersion): DocumentEntry => ({
  fullUrl: urlOf(call, version),
  resource: storedResource(version),
});

const WITHHELD = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason',
      code: 'withheld',
      display: 'Information Withheld',
    },
  ],
};

/** The section, or undefined where it is optional and nothing is known. What is withheld is never told to be absent. */
function writeSection(
  call: Call,
  { plan, found, more, withheld }: Gathered,
  patientUrl: string,
  medications: ReadonlyMap<string, StoredVersion>,
): Written | undefined {
  const { title, code } = plan;
  if (found.length > 0) {
    const items = found.map(({ resource }) => line(resource, medicationOf(call, resource, medications)));
    const notes = [
      ...(more ? [`The newest ${MOST} of each kind at most.`] : []),
      ...(withheld.length > 0 ? [`Withheld: ${withheld.join(', ')}.`] : []),
    ];
    const entry = found.map(({ version }) => ({ reference: urlOf(call, version) }));
    return {
      section: { title, code, text: narrative(notes, items), entry },
      entries: found.map(({ version, resource }) => ({ fullUrl: urlOf(call, version), resource })),
    };
  }
  if (plan.absent === undefined) return undefined;
  if (withheld.length > 0)
    return {
      section: { title, code, text: narrative([`Withheld: ${withheld.join(', ')}.`]), emptyReason: WITHHELD },
      entries: [],
    };
  const id = call.world.newId();
  const absent: Resource = { ...plan.absent(patientUrl), id };
  return {
    section: { title, code, text: narrative([line(absent)]), entry: [{ reference: `urn:uuid:${id}` }] },
    entries: [{ fullUrl: `urn:uuid:${id}`, resource: absent }],
  };
}

/** The Medications that the statements and requests refer to and the caller may see, by `Medication/[id]`. */
async function medicationsOf(call: Call, gathered: readonly Gathered[]): Promise<ReadonlyMap<string, StoredVersion>> {
  const decision = call.caller.permit.decide('r', 'Medication');
  const found = new Map<string, StoredVersion>();
  if (!decision.allowed) return found;
  for (const { resource } of gathered.flatMap((section) => section.found))
    for (const { type, id } of citedIn(resource['medicationReference'] ?? null, call.world.base)) {
      const version =
        type === 'Medication' && !found.has(id) ? await visible(call, decision.where, { type, id }) : undefined;
      if (version !== undefined && !version.deleted) found.set(id, version);
    }
  return found;
}

function medicationOf(
  call: Call,
  resource: Resource,
  medications: ReadonlyMap<string, StoredVersion>,
): Resource | undefined {
  const [cited] = citedIn(resource['medicationReference'] ?? null, call.world.base);
  const version = cited && medications.get(cited.id);
  return version && storedResource(version);
}
