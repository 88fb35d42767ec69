import type { ResourceKey } from '../../fhir/ids.ts';
import type { Predicate } from '../../search/query.ts';
import type { World } from '../../interactions/context.ts';

/** Marks the patients of `npm run demo` (`meta.tag`): only what belongs to them is linked from the front page. */
export const DEMO_TAG = { system: 'urn:novamind:tag', code: 'demo' } as const;

/** What the front page links of a demo patient: type → title and the parameter that points at the patient. */
const SHOWN: readonly { readonly type: string; readonly title: string; readonly param: string }[] = [
  { type: 'Composition', title: 'Digital twin', param: 'subject' },
  { type: 'RiskAssessment', title: 'Risk prediction', param: 'subject' },
  { type: 'DocumentReference', title: 'Draft note', param: 'subject' },
  { type: 'Communication', title: 'Alert', param: 'subject' },
];

export interface DemoResource extends ResourceKey {
  readonly title: string;
}

const isDemo: Predicate = { kind: 'token', param: '_tag', match: { by: 'code', ...DEMO_TAG } };

/** The newest demo patient and the newest of each kind of result that belongs to it; empty where the demo never ran. */
export async function demoResources(world: World): Promise<readonly DemoResource[]> {
  const newest = (type: string, where: Predicate) =>
    world.store.search({ types: [type], where, sort: [], count: 1, total: 'none' });
  const [patient] = (await newest('Patient', isDemo)).matches;
  if (patient === undefined) return [];
  const results = await Promise.all(
    SHOWN.map(async ({ type, title, param }) => {
      const target = { by: 'local', type: 'Patient', id: patient.id } as const;
      const [match] = (await newest(type, { kind: 'reference', param, target })).matches;
      return match === undefined ? [] : [{ type, id: match.id, title }];
    }),
  );
  return [{ type: 'Patient', id: patient.id, title: 'Demo patient' }, ...results.flat()];
}
