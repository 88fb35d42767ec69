import { isObject } from '../../fhir/resource.ts';
import type { StructureDefinitionSource } from '../registry.ts';
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
  return {
    url: source.url,
    type: source.type,
    check: (value, run, depth) => {
      const found = isObject(value) ? value['resourceType'] : undefined;
      if (typeof found === 'string' && found !== source.type && !isAbstract(source.type)) {
        run.fail(depth, 'invalid', `profile ${source.url} is for ${source.type}, not for ${found}`);
        return;
      }
      inner ??= elementCheck(compiler, profileTree(compiler.registry, source), source.type) ?? (() => undefined);
      inner(value, run, depth);
    },
  };
};

const isAbstract = (type: string): boolean => type === 'Resource' || type === 'DomainResource';

const BASE = 'http://hl7.org/fhir/StructureDefinition/';

/** Checks a value by a profile and answers whether the profile is known; the base definitions always are. */
export const profileCheck =
  (compiler: Compiler, canonical: string) =>
  (value: unknown, run: Run, depth: number): boolean => {
    const profile = compiler.profile(canonical);
    if (profile !== undefined) profile.check(value, run, depth);
    else if (!canonical.startsWith(BASE)) return false;
    else {
      const type = canonical.slice(BASE.length).split('|', 1)[0] ?? '';
      if (compiler.registry.type(type) === undefined) return false;
      const found = isObject(value) ? value['resourceType'] : undefined;
      if (found !== type && !isAbstract(type))
        run.fail(depth, 'invalid', `profile ${canonical} is for ${type}, not for ${String(found)}`);
    }
    return true;
  };
