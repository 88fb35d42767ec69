import { isObject } from '../../fhir/resource.ts';
import type { Registry, StructureDefinitionSource } from '../registry.ts';
import type { Compiler } from './compiler.ts';
import { elementCheck } from './profile-element.ts';
import { profileTree } from './profile-tree.ts';
import type { Check, Run } from './run.ts';

/** A compiled profile: what it asks beyond the base type. */
export interface Profile {
  readonly url: string;
  readonly type: string;
  readonly check: Check;
}

/** Compiles a StructureDefinition that constrains a resource or a data type; it is read when first used. */
export const compileProfile = (compiler: Compiler, source: StructureDefinitionSource): Profile => {
  let inner: Check | undefined;
  const base = unknownBase(compiler.registry, source);
  return {
    url: source.url,
    type: source.type,
    check: (value, run, depth) => {
      const found = isObject(value) ? value['resourceType'] : undefined;
      if (typeof found === 'string' && found !== source.type && !isAbstract(source.type)) {
        run.fail(depth, 'invalid', `profile ${source.url} is for ${source.type}, not for ${found}`);
        return;
      }
      if (base !== undefined)
        run.warn(depth, 'not-supported', `${source.url} derives from ${base}, which is not known here and not checked`);
      inner ??= elementCheck(compiler, profileTree(compiler.registry, source), source.type) ?? (() => undefined);
      inner(value, run, depth);
    },
  };
};

const isAbstract = (type: string): boolean => type === 'Resource' || type === 'DomainResource';

const BASE = 'http://hl7.org/fhir/StructureDefinition/';
const R4 = '4.0.1';

/** The type whose own definition of R4 is meant; undefined where it is none of 4.0.1. */
const baseTypeOf = (registry: Registry, canonical: string): string | undefined => {
  if (!canonical.startsWith(BASE)) return undefined;
  const [type = '', version = R4] = canonical.slice(BASE.length).split('|');
  return version === R4 && registry.type(type) !== undefined ? type : undefined;
};

/** True where a resource can be checked by the profile. */
export const isKnownProfile = (registry: Registry, canonical: string): boolean =>
  registry.structureDefinition(canonical) !== undefined || baseTypeOf(registry, canonical) !== undefined;

/** The nearest profile above that is missing. */
const unknownBase = (
  registry: Registry,
  source: StructureDefinitionSource,
  below: readonly StructureDefinitionSource[] = [],
): string | undefined => {
  const { baseDefinition, snapshot } = source;
  if (typeof baseDefinition !== 'string' || snapshot !== undefined) return undefined;
  const above = registry.structureDefinition(baseDefinition);
  if (above === undefined) return baseTypeOf(registry, baseDefinition) === undefined ? baseDefinition : undefined;
  return below.includes(above) ? undefined : unknownBase(registry, above, [...below, source]);
};

/** Checks a value by a profile and answers whether the profile is known; the base definitions always are. */
export const profileCheck =
  (compiler: Compiler, canonical: string) =>
  (value: unknown, run: Run, depth: number): boolean => {
    const profile = compiler.profile(canonical);
    if (profile !== undefined) profile.check(value, run, depth);
    else {
      const type = baseTypeOf(compiler.registry, canonical);
      if (type === undefined) return false;
      const found = isObject(value) ? value['resourceType'] : undefined;
      if (found !== type && !isAbstract(type))
        run.fail(depth, 'invalid', `profile ${canonical} is for ${type}, not for ${String(found)}`);
    }
    return true;
  };
