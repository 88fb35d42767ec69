import type { TypeModel } from '../../fhir/fhirpath/model.ts';
import { typeModel } from '../type-model.ts';
import type { Constraint, Registry } from '../registry.ts';
import { extensionCheck } from './extension-check.ts';
import { invariantCheck } from './invariant-check.ts';
import { narrativeProblem } from './narrative.ts';
import { PRIMITIVES, type PrimitiveCheck } from './primitive-format.ts';
import { compileProfile, type Profile } from './profile.ts';
import { resourceCheck } from './resource-check.ts';
import type { Check } from './run.ts';
import { typeCheck } from './type-check.ts';

const primitive =
  (problemOf: PrimitiveCheck): Check =>
  (value, run, depth) => {
    const problem = problemOf(value);
    if (problem !== undefined) run.fail(depth, 'value', problem);
  };

/** Makes checks from definitions, each once and when first used: a server rarely meets all of R4's types. */
export class Compiler {
  readonly registry: Registry;
  readonly model: TypeModel;
  readonly #checks = new Map<string, Check>();
  readonly #siblings = new Map<string, Check>();
  readonly #profiles = new Map<string, Profile | undefined>();
  readonly #invariants = new Map<string, Check>();

  constructor(registry: Registry) {
    this.registry = registry;
    this.model = typeModel(registry);
  }

  isPrimitive(type: string): boolean {
    return type in PRIMITIVES || type === 'xhtml';
  }

  /** Check of a type by name; `Resource` stands for whatever type the value says it is. */
  check(type: string): Check {
    const known = this.#checks.get(type);
    if (known !== undefined) return known;
    const made = this.#make(type);
    this.#checks.set(type, made);
    return made;
  }

  /** Check of the object that stands beside a primitive of the type. */
  sibling(type: string): Check {
    const known = this.#siblings.get(type);
    if (known !== undefined) return known;
    const element = this.registry.type('Element');
    if (element === undefined) throw new Error('the registry lacks the type Element');
    const made = this.#lazy(() => typeCheck(this, { ...element, name: type }));
    this.#siblings.set(type, made);
    return made;
  }

  invariants(constraints: readonly Constraint[], type: string): readonly Check[] {
    return constraints.flatMap((constraint) => {
      const name = `${type} ${constraint.key} ${constraint.severity} ${constraint.expression}`;
      const known = this.#invariants.get(name);
      const made = known ?? invariantCheck(constraint, type);
      if (made === undefined) return [];
      this.#invariants.set(name, made);
      return [made];
    });
  }

  /** A profile by canonical; undefined where the registry does not know it. */
  profile(canonical: string): Profile | undefined {
    if (!this.#profiles.has(canonical)) {
      const source = this.registry.structureDefinition(canonical);
      this.#profiles.set(canonical, source && compileProfile(this, source));
    }
    return this.#profiles.get(canonical);
  }

  #make(type: string): Check {
    if (type === 'xhtml') return primitive(narrativeProblem);
    const format = PRIMITIVES[type];
    if (format !== undefined) return primitive(format);
    const definition = this.registry.type(type);
    if (definition === undefined) throw new Error(`the registry lacks the type ${type}`);
    if (type === 'Resource') return resourceCheck(this);
    const check = this.#lazy(() => typeCheck(this, definition));
    return type === 'Extension' ? extensionCheck(this, check) : check;
  }

  #lazy(make: () => Check): Check {
    let check: Check | undefined;
    return (value, run, depth) => {
      check ??= make();
      check(value, run, depth);
    };
  }
}
