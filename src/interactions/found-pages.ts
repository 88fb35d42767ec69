import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource, type Resource } from '../fhir/resource.ts';
import type { Query } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { scopedPage, scopesOf } from './search-scope.ts';

/** All that a query finds and the caller may see, page by page. Throws Problem `forbidden` where a type may not be searched. */
export async function* foundPages(call: Call, query: Query): AsyncGenerator<readonly StoredVersion[]> {
  const scopes = scopesOf(call, query);
  let position = query.cursor?.position;
  do {
    const cursor = position === undefined ? {} : { cursor: { direction: 'next' as const, position } };
    const page = await scopedPage(call, { ...query, ...cursor }, scopes);
    yield page.matches;
    position = page.next;
  } while (position !== undefined);
}

/** The stored text as a resource. */
export function storedResource({ body }: Pick<StoredVersion, 'body'>): Resource {
  const resource = parseJson(body);
  if (isResource(resource)) return resource;
  throw new Problem('unexpected', 'The stored text is no resource');
}
