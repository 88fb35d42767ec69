import { parseJson } from '../../src/fhir/json.ts';
import { instantText } from '../../src/fhir/period.ts';
import { isObject, isResource, listOf } from '../../src/fhir/resource.ts';
import type { Planned } from '../../src/interactions/commit.ts';
import { type Drafted, makeDraft } from '../../src/interactions/draft.ts';
import { planUpdate } from '../../src/interactions/plan-update.ts';
import { SOFTWARE_DEVICE } from '../../src/interactions/software-device.ts';
import { storedBody } from '../../src/interactions/stored-body.ts';
import type { OperationCall } from '../../src/operation/operation.ts';
import type { Window } from '../../src/series/local-time.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import { figureObservation, twinComposition, twinId } from './composition.ts';
import type { Figure } from './figure.ts';

type Call = OperationCall<unknown>;

/** The commit of a twin: the Composition first, its figures, the Device that made them, and figures that it no longer has deleted. */
export async function planTwin(call: Call, patient: string, figures: readonly Figure[], window: Window) {
  const made = figures.map((figure) => figureObservation(patient, figure, window));
  const planned = await Promise.all(made.map((figure) => planUpdate(call, figure, figure.id, undefined)));
  const current = await call.world.store.read({ type: 'Composition', id: twinId(patient) });
  const before = current && !current.deleted ? parseJson(current.body) : undefined;
  const gone = goneFigures(before, new Set(made.map(({ id }) => id)));
  const compose = (date: string) => twinComposition(patient, figures, window, `Device/${SOFTWARE_DEVICE.id}`, date);
  const planComposition = (date: string) => planUpdate(call, compose(date), twinId(patient), undefined);

  // The date is when the content last changed, so that generating again without news makes no new version.
  const date = isResource(before) && typeof before['date'] === 'string' ? before['date'] : undefined;
  const same = date === undefined ? undefined : await planComposition(date);
  const unchanged =
    same !== undefined &&
    gone.length === 0 &&
    isStored(same.drafted, current) &&
    (await allStored(
      call,
      planned.map(({ drafted }) => drafted),
    ));
  const composition = unchanged ? same : await planComposition(instantText(call.world.now()));
  const device = makeDraft(call.world, SOFTWARE_DEVICE, SOFTWARE_DEVICE.id);
  const changes: readonly Planned[] = [
    // Planned against this version: two calls at once must not both find news in the same recordings.
    {
      ...composition,
      expect: current ? { kind: 'version', version: current.version } : { kind: 'absent' },
      again: true,
    },
    { kind: 'put', method: 'PUT', drafted: device, expect: { kind: 'any' } },
    ...planned,
    ...gone.map(
      (id) => ({ kind: 'delete', key: { type: 'Observation', id }, patient, expect: { kind: 'any' } }) as const,
    ),
  ];
  return { changes, composition: composition.drafted.draft };
}

/** Ids of the figures that the twin had and has no longer. */
const goneFigures = (before: unknown, kept: ReadonlySet<string>): readonly string[] =>
  (isObject(before) ? listOf(before['section']) : [])
    .flatMap((section) => (isObject(section) ? listOf(section['entry']) : []))
    .flatMap((entry) => {
      const id = isObject(entry)
        ? /^Observation\/(twin-[0-9a-f]{40})$/.exec(String(entry['reference']))?.[1]
        : undefined;
      return id === undefined || kept.has(id) ? [] : [id];
    });

const isStored = ({ draft }: Drafted, current: StoredVersion | undefined): boolean =>
  current !== undefined &&
  !current.deleted &&
  storedBody(draft, current.version, current.lastUpdated).equals(current.body);

async function allStored({ world }: Call, drafts: readonly Drafted[]): Promise<boolean> {
  const current = await world.store.readMany(drafts.map(({ draft: { type, id } }) => ({ type, id })));
  return drafts.every((drafted, i) => isStored(drafted, current[i]));
}
