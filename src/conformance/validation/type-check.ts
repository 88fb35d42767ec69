import { isObject } from '../../fhir/resource.ts';
import type { ElementDefinition, TypeDefinition } from '../registry.ts';
import type { Compiler } from './compiler.ts';
import { memberCheck, siblingCheck } from './member-check.ts';
import { nearestName } from './nearest-name.ts';
import { sampledDataProblem } from './sampled-data-format.ts';
import { UNIT_FORMS } from './unit-form.ts';
import { type Check, EMPTY_ELEMENT, type MemberCheck, type Run } from './run.ts';

interface Member {
  /** One bit for each element that is required or a choice. */
  readonly bit: number;
  readonly choice: ElementDefinition | undefined;
  readonly check: MemberCheck;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Any text without spaces (element.html#id); R4's own definitions repeat them, so that they are unique is not asked. */
const elementIdCheck =
  (base: MemberCheck): MemberCheck =>
  (value, parent, run, depth) => {
    base(value, parent, run, depth);
    if (typeof value === 'string' && /\s/.test(value))
      run.fail(depth, 'value', `the id of an element has no spaces, found "${value}"`);
  };

const sampledDataCheck =
  (base: MemberCheck): MemberCheck =>
  (value, parent, run, depth) => {
    base(value, parent, run, depth);
    const problem = typeof value === 'string' && value !== '' ? sampledDataProblem(value) : undefined;
    if (problem !== undefined) run.fail(depth, 'value', problem);
  };

const unitCheck =
  (base: MemberCheck, { form, what }: { readonly form: RegExp; readonly what: string }): MemberCheck =>
  (value, parent, run, depth) => {
    base(value, parent, run, depth);
    if (typeof value === 'string' && !form.test(value)) run.fail(depth, 'code-invalid', `${value} is not ${what}`);
  };

/** What R4 says of a member in words alone, or beside its binding. */
const wordsOf = (owner: TypeDefinition, name: string, base: MemberCheck): MemberCheck => {
  const units = name === 'code' ? UNIT_FORMS.get(owner.name) : undefined;
  if (units !== undefined) return unitCheck(base, units);
  if (owner.kind !== 'resource' && name === 'id') return elementIdCheck(base);
  return owner.name === 'SampledData' && name === 'data' ? sampledDataCheck(base) : base;
};

const membersOf = (
  compiler: Compiler,
  owner: TypeDefinition,
): { members: Map<string, Member>; required: [number, ElementDefinition][] } => {
  const members = new Map<string, Member>();
  const required: [number, ElementDefinition][] = [];
  let bits = 0;
  for (const element of owner.elements) {
    const bit = element.min > 0 || element.choice ? 1 << bits++ : 0;
    if (bits > 31) throw new RangeError(`${owner.name} has more required elements than a mask holds`);
    if (element.min > 0) required.push([bit, element]);
    for (const type of element.types) {
      const name = element.choice ? `${element.name}${capital(type)}` : element.name;
      const choice = element.choice ? element : undefined;
      const check = wordsOf(owner, name, memberCheck(compiler, element, type, name));
      members.set(name, { bit, choice, check });
      // Attributes in XML, with no place for an id or extensions of their own.
      const isAttribute =
        owner.kind !== 'resource' && (name === 'id' || (owner.name === 'Extension' && name === 'url'));
      if (compiler.isPrimitive(type) && !isAttribute)
        members.set(`_${name}`, { bit, choice, check: siblingCheck(compiler, element, type, name) });
    }
  }
  return { members, required };
};

/** One value of a choice: `valueString` and `_valueString` are the same, `valueString` and `valueQuantity` are two. */
const failOnSecondChoice = (
  value: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Member>,
  choice: ElementDefinition,
  run: Run,
  depth: number,
): void => {
  const names = Object.keys(value).filter((name) => members.get(name)?.choice === choice);
  const distinct = [...new Set(names.map((name) => name.replace(/^_/, '')))];
  if (distinct.length < 2) return;
  run.enter(depth + 1, distinct[1] ?? choice.name);
  run.fail(depth + 1, 'structure', `only one ${choice.name}[x] is allowed, found ${distinct.join(' and ')}`);
};

const failOnUnknown = (
  name: string,
  members: ReadonlyMap<string, Member>,
  owner: string,
  run: Run,
  depth: number,
): void => {
  const near = run.full ? undefined : nearestName(name, members.keys());
  const choices = [...members.keys()].filter((known) => members.get(known)?.choice?.name === name);
  const hint =
    choices.length > 0 ? `name its type, such as ${choices[0]}` : near === undefined ? '' : `did you mean ${near}?`;
  run.fail(depth + 1, 'structure', `${owner} has no element ${name}${hint && `: ${hint}`}`);
};

/** Check of a resource, a data type or a backbone element: members, cardinality, choices, then invariants. */
export const typeCheck = (compiler: Compiler, owner: TypeDefinition): Check => {
  // The value beside a primitive's sibling decides whether an id is enough.
  const idSuffices = owner.kind === 'resource' || compiler.isPrimitive(owner.name);
  const { members, required } = membersOf(compiler, owner);
  const isResource = owner.kind === 'resource';
  const requiredMask = required.reduce((mask, [bit]) => mask | bit, 0);
  const invariants = compiler.invariants(owner.constraints, owner.name);
  if (isResource) members.set('resourceType', { bit: 0, choice: undefined, check: () => undefined });

  return (value, run, depth) => {
    if (!isObject(value)) {
      const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
      run.fail(depth, 'structure', `expected a JSON object of type ${owner.name}, found ${found}`);
      return;
    }
    const errors = run.errors;
    run.types[depth] = owner.name;
    const child = depth + 1;
    let seen = 0;
    let count = 0;
    for (const name in value) {
      const item = value[name];
      if (item === undefined) continue;
      const member = members.get(name);
      run.names[child] = name;
      run.indexes[child] = -1;
      count += 1;
      if (member === undefined) {
        failOnUnknown(name, members, owner.name, run, depth);
        continue;
      }
      if ((seen & member.bit) !== 0 && member.choice !== undefined)
        failOnSecondChoice(value, members, member.choice, run, depth);
      seen |= member.bit;
      member.check(item, value, run, child);
    }
    if ((seen & requiredMask) !== requiredMask) {
      for (const [bit, element] of required) {
        if ((seen & bit) !== 0) continue;
        run.enter(child, element.name);
        const name = element.choice ? `${element.name}[x]` : element.name;
        run.fail(child, 'required', `${owner.name}.${name} is required`);
      }
    }
    if ((count === 0 && !isResource) || (count === 1 && !idSuffices && value['id'] !== undefined)) {
      run.fail(depth, 'structure', EMPTY_ELEMENT);
    }
    if (run.errors !== errors) return;
    for (const invariant of invariants) invariant(value, run, depth);
  };
};
