import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { Constraint, ElementDefinition, TypeDefinition } from '../registry.ts';
import { bindingCheck } from './binding-check.ts';
import type { Compiler } from './compiler.ts';
import { elementNamed, instancesIn, membersOf } from './instance.ts';
import { nestedResourceCheck } from './nested-resource.ts';
import { expectedOf, meets } from './pattern.ts';
import type { ProfileNode } from './profile-tree.ts';
import { referenceCheck } from './reference-check.ts';
import type { Check, Run } from './run.ts';
import { checkSlicing, type InstanceCheck, maximum, minimum, slicingOf, step } from './slice-check.ts';
import { profilesOf, typesOf } from './slicing.ts';
import { limitChecks } from './value-limits.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Constraints of an element in a profile that its base type does not have. */
const addedConstraints = (
  compiler: Compiler,
  node: ProfileNode,
  type: string,
  base: readonly Constraint[],
): readonly Check[] => {
  const known = new Set([...base, ...(compiler.registry.type(type)?.constraints ?? [])].map(({ key }) => key));
  const added = listOf(node.element['constraint'])
    .filter(isObject)
    .filter(({ key, expression }) => !known.has(text(key)) && text(expression) !== '')
    .map(
      ({ key, severity, human, expression }): Constraint => ({
        key: text(key),
        severity: severity === 'warning' ? 'warning' : 'error',
        human: text(human),
        expression: text(expression),
      }),
    );
  return compiler.invariants(added, type);
};

const nestedProfiles = (compiler: Compiler, node: ProfileNode): Check | undefined => {
  const urls = profilesOf(node).filter((url) => compiler.registry.structureDefinition(url) !== undefined);
  if (urls.length === 0 || urls.length < profilesOf(node).length) return undefined;
  return (value, run, depth) => {
    const profiles = urls.flatMap((url) => compiler.profile(url) ?? []);
    const [only] = profiles;
    if (profiles.length === 1 && only !== undefined) only.check(value, run, depth);
    else {
      const fits = profiles.some(({ check }) => {
        const apart = run.apart(depth);
        check(value, apart, depth);
        return apart.errors === 0;
      });
      if (!fits) run.fail(depth, 'structure', `fits none of the profiles ${urls.join(', ')}`);
    }
  };
};

const tightenedTargets = (
  compiler: Compiler,
  node: ProfileNode,
  base: ElementDefinition | undefined,
): Check | undefined => {
  const urls = listOf(node.element['type'])
    .filter(isObject)
    .flatMap((type) => (type['code'] === 'Reference' ? listOf(type['targetProfile']) : []))
    .map(text);
  const targets = urls.map((url) => compiler.registry.structureDefinition(url)?.type ?? url.replace(/^.*\//, ''));
  const decided = targets.length > 0 && targets.every((target) => compiler.registry.isResourceType(target));
  if (!decided || targets.join() === base?.targets.join()) return undefined;
  return referenceCheck(compiler.registry, [...new Set(targets)]);
};

const tightenedBinding = (
  compiler: Compiler,
  node: ProfileNode,
  type: string,
  base: ElementDefinition | undefined,
): Check | undefined => {
  const binding = node.element['binding'];
  if (!isObject(binding)) return undefined;
  const { strength } = binding;
  const valueSet = text(binding['valueSet']).split('|', 1)[0] ?? '';
  if (strength !== 'required' && strength !== 'extensible') return undefined;
  if (base?.binding?.strength === strength && base.binding.valueSet === valueSet) return undefined;
  return bindingCheck(compiler.registry, { strength, valueSet }, type);
};

/** What the profile asks of one value of the given type; undefined where it asks nothing beyond the base. */
export const elementCheck = (
  compiler: Compiler,
  node: ProfileNode,
  type: string,
  base?: ElementDefinition,
): Check | undefined => {
  const expected = expectedOf(node.element);
  const checks: Check[] = [];
  if (expected !== undefined) {
    checks.push((value, run, depth) => {
      const word = expected.kind === 'fixed' ? 'be' : 'contain';
      if (!meets(value, expected))
        run.fail(depth, 'value', `the profile says this must ${word} ${shown(expected.value)}`);
    });
  }
  const more = [
    tightenedBinding(compiler, node, type, base),
    tightenedTargets(compiler, node, base),
    nestedProfiles(compiler, node),
  ];
  checks.push(
    ...more.filter((it) => it !== undefined),
    ...limitChecks(node.element, type),
    ...addedConstraints(compiler, node, type, base?.constraints ?? []),
  );
  const owner = compiler.registry.type(type);
  const members =
    owner === undefined || compiler.isPrimitive(type)
      ? []
      : [...node.children.values()].flatMap((child) => memberCheck(compiler, child, owner) ?? []);
  if (members.length > 0) {
    checks.push((value, run, depth) => {
      if (isObject(value)) for (const member of members) member(value, run, depth);
    });
  }
  if (checks.length === 0) return undefined;
  return (value, run, depth) => {
    for (const check of checks) check(value, run, depth);
  };
};

type ObjectCheck = (parent: JsonObject, run: Run, depth: number) => void;

/** What the profile asks of the extensions of a primitive, which stand beside it. */
const companionCheck = (compiler: Compiler, node: ProfileNode, type: string): Check | undefined => {
  const owner = compiler.isPrimitive(type) && node.children.size > 0 ? compiler.registry.type(type) : undefined;
  if (owner === undefined) return undefined;
  const members = [...node.children.values()].flatMap((child) =>
    child.name === 'value' ? [] : (memberCheck(compiler, child, owner) ?? []),
  );
  if (members.length === 0) return undefined;
  return (companion, run, depth) => {
    for (const member of members) member(isObject(companion) ? companion : {}, run, depth);
  };
};

const instanceCheck = (
  compiler: Compiler,
  node: ProfileNode,
  type: string,
  base: ElementDefinition,
): InstanceCheck | undefined => {
  const ofValue = base.types.includes('Resource')
    ? nestedResourceCheck(node, typesOf(node), (own) => elementCheck(compiler, node, own, base))
    : elementCheck(compiler, node, type, base);
  const beside = companionCheck(compiler, node, type);
  if (beside !== undefined)
    return ({ value, companion }, run, depth) => {
      if (value !== undefined) ofValue?.(value, run, depth);
      beside(companion, run, depth);
    };
  return (
    ofValue &&
    (({ value }, run, depth) => {
      if (value !== undefined) ofValue(value, run, depth);
    })
  );
};

/** What the profile asks of one member of an object: how often, of which types, each value, and slices. */
const memberCheck = (compiler: Compiler, node: ProfileNode, owner: TypeDefinition): ObjectCheck | undefined => {
  const base = elementNamed(owner, node.name);
  if (base === undefined) throw new Error(`profile: ${owner.name} has no element ${node.name}`);
  const members = membersOf(base);
  const checksFor = (part: ProfileNode): ReadonlyMap<string, InstanceCheck | undefined> => {
    const allowed = base.choice ? typesOf(part) : [];
    const possible = members.filter(({ type }) => allowed.length === 0 || allowed.includes(type));
    return new Map(possible.map(({ type }) => [type, instanceCheck(compiler, part, type, base)]));
  };
  const checks = checksFor(node);
  const slicing = slicingOf(compiler, node, checksFor);
  const min = minimum(node);
  const max = maximum(node);
  const permitted = base.choice ? typesOf(node) : [];
  const fewer = permitted.length > 0 && base.types.some((type) => !permitted.includes(type));
  const tightened = min > base.min || max < base.max || fewer || slicing !== undefined;
  if (!tightened && [...checks.values()].every((it) => it === undefined)) return undefined;
  const name = node.name.replace(/\[x\]$/, '');

  return (parent, run, depth) => {
    const instances = instancesIn(parent, members);
    const child = depth + 1;
    if (instances.length < min || instances.length > max) {
      run.enter(child, instances[0]?.member ?? name);
      if (instances.length === 0) run.fail(child, 'required', `the profile requires ${name}`);
      else run.fail(child, 'structure', `the profile wants ${min}..${max} of ${name}, found ${instances.length}`);
    }
    for (const instance of instances) {
      step(instance, run, child);
      if (fewer && !permitted.includes(instance.type)) {
        run.fail(
          child,
          'structure',
          `the profile allows ${name} as ${permitted.join(' or ')}, not as ${instance.type}`,
        );
      }
      checks.get(instance.type)?.(instance, run, child);
    }
    if (slicing !== undefined) checkSlicing(slicing, instances, run, child);
  };
};
