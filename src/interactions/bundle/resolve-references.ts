import { ElementPlace } from '../../fhir/element-place.ts';
import { Problem } from '../../fhir/problem.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, type Json, type JsonObject, type Resource } from '../../fhir/resource.ts';

/** What the references inside a transaction point at once its entries have their ids. */
export interface Targets {
  /** fullUrl → `Type/id`. */
  readonly byFullUrl: ReadonlyMap<string, string>;
  /** `Patient?identifier=…` → `Patient/id`. */
  readonly byCriteria: ReadonlyMap<string, string>;
  /** Our own: what a relative reference is relative to where its entry has no RESTful fullUrl. */
  readonly base: string;
  /** Members that hold links (link-members.ts). */
  readonly links: ReadonlySet<string>;
  /** True: a `urn:uuid:` reference that no entry answers is refused. */
  readonly strict: boolean;
}

/** Every conditional reference (http.html#trules) of a resource, with the element that states it. */
export function conditionalReferences(resource: Resource): readonly { readonly text: string; readonly path: string }[] {
  const found: { text: string; path: string }[] = [];
  rewrite(resource, (text, member, path) => {
    if (member === 'reference' && text.includes('?') && parseReference(text)?.kind === 'conditional')
      found.push({ text, path: path() });
    return text;
  });
  return found;
}

/**
 * The resource with references to other entries replaced by `Type/id`: in references, uris (Attachment.url) and in the
 * href and src of the narrative (bundle.html#references). The original is left as it is. `fullUrl` is the entry's own.
 */
export function resolveReferences(resource: Resource, fullUrl: string | undefined, targets: Targets): Resource {
  const root = /^(https?:\/\/.+)\/[A-Z][A-Za-z]+\/[^/]+$/.exec(fullUrl ?? '')?.[1] ?? targets.base;
  const resolved = rewrite(resource, (text, member, path) => {
    if (member === 'div') return narrative(text, targets);
    if (member !== 'reference') return targets.links.has(member) ? (targets.byFullUrl.get(text) ?? text) : text;
    const entry = targets.byFullUrl.get(text);
    if (entry !== undefined) return entry;
    const found = targets.byFullUrl.get(`${root}/${text}`) ?? targets.byCriteria.get(text);
    if (found !== undefined) return found;
    if (targets.strict && /^urn:(?:uuid|oid):/i.test(text)) {
      const expression = [`${resource.resourceType}${path()}`];
      throw new Problem('invalid', `${text} is the fullUrl of no entry of this Bundle`, { expression });
    }
    return text;
  });
  return resolved as Resource;
}

const narrative = (div: string, { byFullUrl }: Targets): string =>
  div.replace(/(\s(?:href|src)\s*=\s*)(?:"([^"]*)"|'([^']*)')/g, (whole, before: string, double = '', single = '') => {
    const target = byFullUrl.get(double || single);
    return target === undefined ? whole : `${before}"${target}"`;
  });

/** Where an entry refers to one of the urls, or undefined. */
export function referenceTo(
  resource: Resource,
  urls: ReadonlySet<string>,
): { readonly text: string; readonly path: string } | undefined {
  let found: { text: string; path: string } | undefined;
  rewrite(resource, (text, member, path) => {
    if (member === 'reference' && urls.has(text)) found ??= { text, path: path() };
    return text;
  });
  return found;
}

/** `path` tells the element that the text stands in, from the resource: `.subject`. */
type Replace = (text: string, member: string, path: () => string) => string;

function rewrite(resource: Resource, replace: Replace): Json {
  const at = new ElementPlace();
  const path = () => at.text;
  const above = () => at.above;
  const visit = (value: Json, member: string): Json => {
    // The element that holds the link is the Reference, not its `reference` member.
    if (typeof value === 'string') return replace(value, member, member === 'reference' ? above : path);
    if (Array.isArray(value)) return list(value, member);
    return isObject(value) ? object(value) : value;
  };
  const list = (items: readonly Json[], member: string): Json => {
    let copy: Json[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const item = items[index] ?? null;
      at.enter(index);
      const next = visit(item, member);
      at.leave();
      if (next === item) continue;
      copy ??= [...items];
      copy[index] = next;
    }
    return copy ?? items;
  };
  const object = (value: JsonObject): JsonObject => {
    let copy: Record<string, Json | undefined> | undefined;
    for (const member in value) {
      const item = value[member];
      if (item === undefined || typeof item === 'number' || typeof item === 'boolean') continue;
      at.enter(member);
      const next = visit(item, member);
      at.leave();
      if (next === item) continue;
      copy ??= { ...value };
      copy[member] = next;
    }
    return copy ?? value;
  };
  return object(resource);
}
