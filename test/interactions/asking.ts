import { BASE, type Living, type Seen } from './living.ts';

/** Shorthands of the tests that ask one world many searches. */
export interface Asking {
  /** Stores it under its id; throws where it is refused. */
  put(resource: Readonly<Record<string, unknown>>): Promise<void>;
  /** A form posted to `[url]/_search`. */
  post(url: string, form: string): Promise<Seen>;
  /** Ids of the matches, sorted; of a refusal its status. */
  found(url: string): Promise<readonly string[] | number>;
}

export const asking = (it: () => Living): Asking => ({
  async put(resource) {
    const { status, text } = await it().ask('PUT', `${resource['resourceType']}/${resource['id']}`, resource);
    if (status !== 201 && status !== 200) throw new Error(`${resource['id']}: ${status} ${text}`);
  },
  post: (url, form) => it().ask('POST', url, form, { contentType: 'application/x-www-form-urlencoded' }),
  async found(url) {
    const seen = await it().ask('GET', url);
    return seen.status === 200 ? idsOf(seen, 'match').toSorted() : seen.status;
  },
});

interface Entry {
  readonly resource: { readonly id: string };
  readonly search?: { readonly mode: string };
}

/** Ids in the order given: of the entries of one mode, or of all. */
export const idsOf = ({ body }: Seen, mode?: 'match' | 'include'): string[] =>
  (body.entry ?? [])
    .filter(({ search }: Entry) => mode === undefined || search?.mode === mode)
    .map(({ resource }: Entry) => resource.id);

/** A link of a Bundle, relative to the base. */
export const linkOf = ({ body }: Seen, relation: string): string | undefined =>
  body.link.find((candidate: { relation: string }) => candidate.relation === relation)?.url.slice(BASE.length);
