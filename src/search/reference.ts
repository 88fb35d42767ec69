import { resourceId } from '../fhir/ids.ts';
import { parseCanonical, parseReference } from '../fhir/reference.ts';
import { isObject, type Json } from '../fhir/resource.ts';
import { type Asked, refuse, unsupported } from './asked.ts';
import type { Emit } from './emit.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import { below, type ReferenceValue } from './index-values.ts';
import { or, type Predicate, type ReferencePredicate } from './query.ts';

type Target = Pick<ReferenceValue, 'type' | 'id' | 'version' | 'url'>;
const NOWHERE: Target = { type: null, id: null, version: null, url: null };

const HISTORY = /\/_history\/[^/]+$/;

/** What a literal reference points at; undefined where it points at nothing that can be found. */
const targetOf = (text: string, base: string): Target | undefined => {
  const parsed = parseReference(text, base);
  switch (parsed?.kind) {
    case 'local':
      return { type: parsed.type, id: parsed.id, version: parsed.version, url: null };
    case 'absolute':
      return { ...NOWHERE, version: parsed.version, url: parsed.url.replace(HISTORY, '') };
    case 'urn':
      return { ...NOWHERE, url: parsed.url };
    case 'fragment':
      return { ...NOWHERE, url: text };
    case 'conditional':
    case undefined:
      return undefined;
    default:
      return parsed satisfies never;
  }
};

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

const putReference =
  (base: string): Emit =>
  (element, param, out) => {
    if (!isObject(element)) return;
    const text = element['reference'];
    const target = typeof text === 'string' ? targetOf(text, base) : undefined;
    const identifier = element['identifier'];
    const system = isObject(identifier) ? textOf(identifier['system']) : null;
    const value = isObject(identifier) ? textOf(identifier['value']) : null;
    const logical = system !== null || value !== null ? { identifier: { system, value } } : undefined;
    if (target || logical) out.push({ kind: 'reference', param, ...(target ?? NOWHERE), ...logical });
  };

/** `1`, `1.0` and `1.0.3` of `1.0.3`: the versions that it is below (search.html#versions). */
const versionParts = (version: string): readonly string[] => {
  const parts = version.split('.');
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'));
};

/** A versioned canonical is found with and without its version, and below every part of it; one without, below `url|`. */
const putCanonical =
  (base: string): Emit =>
  (element, param, out) => {
    if (typeof element !== 'string') return;
    const { url, version } = parseCanonical(element);
    const target = targetOf(url === '' ? element : url, base) ?? (url === '' ? undefined : { ...NOWHERE, url });
    if (target === undefined) return;
    out.push({ kind: 'reference', param, ...target });
    if (version === null) {
      out.push({ kind: 'reference', param: below(param), ...NOWHERE, url: `${url}|` });
      return;
    }
    out.push({ kind: 'reference', param, ...NOWHERE, version, url: `${url}|${version}` });
    for (const part of versionParts(version))
      out.push({ kind: 'reference', param: below(param), ...NOWHERE, url: `${url}|${part}` });
  };

/** The first entry of a document or message, which its Bundle holds whole; in other Bundles it may be of any type. */
const putResource =
  (targets: readonly string[]): Emit =>
  (element, param, out) => {
    if (!isObject(element)) return;
    const type = textOf(element['resourceType']);
    const id = textOf(element['id']);
    if (type === null || id === null || (targets.length > 0 && !targets.includes(type))) return;
    out.push({ kind: 'reference', param, ...NOWHERE, type, id });
  };

/** `targets`: types the parameter may point at; empty: any. */
export const referenceEmit = (type: string, base: string, targets: readonly string[]): Emit | undefined => {
  if (type === 'Reference') return putReference(base);
  if (type === 'canonical' || type === 'uri' || type === 'url') return putCanonical(base);
  return type === 'Resource' ? putResource(targets) : undefined;
};

export interface ReferenceRules {
  /** This server's FHIR base. */
  readonly base: string;
  /** Types the parameter may point at; empty: any. */
  readonly targets: readonly string[];
  readonly isResourceType: (name: string) => boolean;
  /** Whether the parameter is about canonicals: then what looks like an id may be a relative url as well. */
  readonly canonical?: boolean;
}

/** `id`, `Type/id`, an absolute url or canonical; `:Type` narrows, `:identifier` asks for a logical reference. */
export const referencePredicate = (asked: Asked, rules: ReferenceRules): Predicate => {
  const { param, modifier, value, name } = asked;
  const to = (target: ReferencePredicate['target']): Predicate => ({ kind: 'reference', param, target });
  if (modifier === 'identifier') return to(identifierTarget(asked));
  const type = typeModifier(asked, rules);
  const text = unescaped(value);
  const id = resourceId(text);
  if (id !== undefined) {
    const only = type ?? (rules.targets.length === 1 ? rules.targets[0] : undefined);
    const local = to({
      by: 'local',
      id,
      ...(only !== undefined ? { type: only } : rules.targets.length > 0 && { types: rules.targets }),
    });
    return rules.canonical === true && type === undefined ? or(local, to({ by: 'url', url: text })) : local;
  }
  const target =
    targetOf(text, rules.base) ?? refuse(name, `'${text}' is no reference: use id, Type/id or an absolute url`);
  if (target.type === null || target.id === null) return to({ by: 'url', url: target.url ?? text });
  if (!rules.isResourceType(target.type)) return refuse(name, `'${target.type}' in '${text}' is no resource type`);
  if (type !== undefined && type !== target.type) return { kind: 'none' };
  return to({
    by: 'local',
    type: target.type,
    id: target.id,
    ...(target.version !== null && { version: target.version }),
  });
};

/** `:below` a canonical: in any version, or in those that the version stated begins (search.html#versions). */
export const belowCanonical = (asked: Asked, rules: ReferenceRules): Predicate => {
  const { url, version } = parseCanonical(unescaped(asked.value));
  const { param } = asked;
  if (version === null || version === '')
    return referencePredicate({ ...asked, modifier: undefined, value: url }, rules);
  return { kind: 'reference', param: below(param), target: { by: 'url', url: `${url}|${version}` } };
};

const identifierTarget = ({ value, name }: Asked): ReferencePredicate['target'] => {
  const [first = '', second, ...more] = splitUnescaped(value, '|').map(unescaped);
  if (more.length > 0 || (first === '' && second === ''))
    return refuse(name, `'${value}' is no identifier: use value, system|value, |value or system|`);
  if (second === undefined) return { by: 'identifier', value: first };
  return { by: 'identifier', system: first === '' ? null : first, ...(second !== '' && { value: second }) };
};

/** The type named by a modifier such as `:Patient`. */
export const typeModifier = (
  { modifier, name }: Pick<Asked, 'modifier' | 'name'>,
  rules: ReferenceRules,
): string | undefined => {
  if (modifier === undefined) return undefined;
  if (modifier === 'above' || modifier === 'below')
    return unsupported(name, `:${modifier} cannot be followed by a chained parameter`);
  if (!rules.isResourceType(modifier))
    return refuse(
      name,
      `modifier :${modifier} does not apply to reference parameters; use a resource type, :identifier or :missing`,
    );
  if (rules.targets.length > 0 && !rules.targets.includes(modifier))
    return refuse(name, `it cannot point at ${modifier}, only at ${rules.targets.join(', ')}`);
  return modifier;
};
