import { GraphQLBoolean, type GraphQLFieldConfig, type GraphQLOutputType } from 'graphql';
import { Problem } from '../../src/fhir/problem.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isObject, isResource, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import type { Reads } from './reads.ts';
import { Value } from './scalars.ts';

/** `resource(optional, type)` of a Reference (graphql.html#references): what it refers to, read as any read. */
export const resourceField = (type: GraphQLOutputType): GraphQLFieldConfig<JsonObject, Reads> => ({
  type,
  description:
    'The resource referred to. Where it cannot be had, that is an error, unless `optional`; of another type than `type`, nothing.',
  args: { optional: { type: GraphQLBoolean }, type: { type: Value } },
  extensions: { reads: 'one' },
  async resolve(source, { optional, type: wanted }, reads) {
    try {
      const found = await target(reads, source, wanted);
      return found !== undefined && (typeof wanted !== 'string' || found.resourceType === wanted) ? found : null;
    } catch (error) {
      if (optional === true && error instanceof Problem && !reads.exhausted) return null;
      throw error;
    }
  },
});

async function target(reads: Reads, source: JsonObject, wanted: unknown): Promise<Resource | undefined> {
  const { reference } = source;
  if (typeof reference !== 'string') throw new Problem('not-found', 'The Reference names no resource by url');
  const parsed = parseReference(reference, reads.base);
  switch (parsed?.kind) {
    case 'local':
      if (typeof wanted === 'string' && wanted !== parsed.type) return undefined;
      return reads.resource(parsed.type, parsed.id, parsed.version);
    case 'fragment':
      return contained(reads, source, parsed.fragment);
    default:
      throw new Problem('not-found', `${reference} is not on this server`);
  }
}

function contained(reads: Reads, source: JsonObject, id: string): Resource {
  const container = reads.owner(source);
  const found = id === '' ? container : listOf(container['contained']).find((it) => isObject(it) && it['id'] === id);
  if (!isResource(found)) throw new Problem('not-found', `#${id} is not contained in the resource`);
  // What it refers to lies in the same container.
  if (found !== container) reads.own(found, container);
  return found;
}
