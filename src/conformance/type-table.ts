import { generated } from './generated.ts';
import type { Constraint, ElementDefinition, TypeDefinition } from './registry.ts';

/** Layout of types.json: tuples that refer by index into shared lists. */
interface TypesFile {
  /** name, kind, base, abstract, constraints, elements */
  readonly types: readonly (readonly [
    string,
    TypeDefinition['kind'],
    string,
    0 | 1,
    readonly number[],
    readonly number[],
  ])[];
  /** name, flags (1 choice, 2 modifier, 4 summary), min, max (-1 for *), types, targets, constraints, strength, value set */
  readonly elements: readonly (readonly [
    string,
    number,
    number,
    number,
    string,
    number,
    readonly number[],
    Strength?,
    number?,
  ])[];
  /** key, 1 for errors, human, expression */
  readonly constraints: readonly (readonly [string, 0 | 1, string, string])[];
  readonly targets: readonly string[];
  readonly valueSets: readonly string[];
}
type Strength = NonNullable<ElementDefinition['binding']>['strength'];

export interface TypeTable {
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly abstract: ReadonlySet<string>;
}

/** A list read by index: an index outside of it means a damaged file. */
const at = <T>(list: readonly T[], index: number): T => {
  const value = list[index];
  if (value === undefined) throw new RangeError(`types.json: no item ${index}`);
  return value;
};

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));

/** All R4 types by name, backbone elements by path. */
export const typeTable = (): TypeTable => {
  const file = generated<TypesFile>('types');
  const constraints = file.constraints.map(
    ([key, error, human, expression]): Constraint => ({
      key,
      severity: error ? 'error' : 'warning',
      human,
      expression,
    }),
  );
  const targets = file.targets.map(words);
  const elements = file.elements.map(
    ([name, flags, min, max, types, permitted, keys, strength, valueSet]): ElementDefinition => ({
      name,
      choice: (flags & 1) !== 0,
      min,
      max: max < 0 ? Number.POSITIVE_INFINITY : max,
      types: words(types),
      targets: at(targets, permitted),
      ...(strength !== undefined &&
        valueSet !== undefined && { binding: { strength, valueSet: at(file.valueSets, valueSet) } }),
      constraints: keys.map((key) => at(constraints, key)),
      isModifier: (flags & 2) !== 0,
      isSummary: (flags & 4) !== 0,
    }),
  );
  const types = new Map<string, TypeDefinition>();
  for (const [name, kind, base, , keys, members] of file.types) {
    types.set(name, {
      name,
      kind,
      ...(base !== '' && { base }),
      elements: members.map((member) => at(elements, member)),
      constraints: keys.map((key) => at(constraints, key)),
    });
  }
  return { types, abstract: new Set(file.types.filter(([, , , abstract]) => abstract).map(([name]) => name)) };
};
