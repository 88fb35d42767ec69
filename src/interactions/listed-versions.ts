import { Problem } from '../fhir/problem.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, listOf } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { storedResource } from './found-pages.ts';
import { permitted } from './permission.ts';
import { visible } from './visible.ts';

/**
 * Whether a version is referenced in a List, as `_list` of a history asks (http.html#history): all versions of what is
 * referenced without one. A List that the caller cannot see holds nothing, as in a search.
 */
export async function listedVersions(call: Call, list: string): Promise<(version: StoredVersion) => boolean> {
  const id = list.replace(/^List\//, '');
  if (id.startsWith('$')) {
    throw new Problem(
      'not-supported',
      `_list: functional lists such as ${id} are not kept by this server; name a List by its id`,
      {
        expression: ['_list'],
      },
    );
  }
  const found = await visible(call, permitted(call.caller, 'r', 'List'), { type: 'List', id });
  const listed = new Set(found === undefined || found.deleted ? [] : itemsOf(call, found));
  return ({ type, id, version }) => listed.has(`${type}/${id}`) || listed.has(`${type}/${id}/${version}`);
}

/** `Type/id` or `Type/id/version` of each item. */
function itemsOf({ world }: Call, list: StoredVersion): readonly string[] {
  return listOf(storedResource(list)['entry']).flatMap((entry) => {
    const item = isObject(entry) ? entry['item'] : undefined;
    const text = isObject(item) ? item['reference'] : undefined;
    const target = typeof text === 'string' ? parseReference(text, world.base) : undefined;
    if (target?.kind !== 'local') return [];
    const key = `${target.type}/${target.id}`;
    return target.version === null ? key : `${key}/${target.version}`;
  });
}
