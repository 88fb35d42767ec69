import { isObject, type Json, type JsonObject } from '../resource.ts';
import type { Scope } from './environment.ts';
import { type Expression, truthOf } from './expression.ts';
import { MemberStep, valueType } from './member-step.ts';
import type { TypeModel } from './model.ts';
import type { Collection, FhirPathNode } from './node.ts';
import { TypeGuard } from './type-guard.ts';

/** More than one value, or one that only has extensions: what a lone JSON value cannot say. */
export const MANY: unique symbol = Symbol('many');
export const VALUELESS: unique symbol = Symbol('valueless');
export type Single = Json | undefined | typeof MANY | typeof VALUELESS;

/** `a.b.c`, the shape of nearly all FHIRPath: walks the JSON itself where no nodes are asked for. */
export class MemberPath implements Expression {
  readonly #start: Expression | undefined;
  /** `Observation` of `Observation.subject`: what the start must be. */
  readonly #guard: TypeGuard | undefined;
  readonly #steps: readonly MemberStep[];
  /** A primitive's id and extensions stand beside it, out of the reach of the walk. */
  readonly #walkable: boolean;

  constructor(start: Expression | undefined, guard: string | undefined, names: readonly string[]) {
    this.#start = start;
    this.#guard = guard === undefined ? undefined : new TypeGuard(guard);
    this.#steps = names.map((name) => new MemberStep(name));
    this.#walkable =
      start === undefined &&
      names.length > 0 &&
      !names.some((name, at) => at > 0 && (name === 'extension' || name === 'id'));
  }

  child(name: string): MemberPath {
    return new MemberPath(this.#start, this.#guard?.name, [...this.#steps.map((step) => step.name), name]);
  }

  evaluate(self: FhirPathNode, scope: Scope): Collection {
    let nodes: Collection = this.#start === undefined ? [self] : this.#start.evaluate(self, scope);
    if (this.#guard !== undefined) nodes = this.#guard.passed(nodes, scope.model);
    for (const step of this.#steps) {
      if (nodes.length === 0) return nodes;
      const next: FhirPathNode[] = [];
      for (const node of nodes) step.append(node, next, scope.model);
      nodes = next;
    }
    return nodes;
  }

  exists(self: FhirPathNode, scope: Scope): boolean {
    return this.#canWalk(self, scope) ? this.single(self, scope) !== undefined : this.evaluate(self, scope).length > 0;
  }

  truth(self: FhirPathNode, scope: Scope): boolean | undefined {
    const value = this.single(self, scope);
    if (value === undefined) return undefined;
    if (value === MANY) return truthOf(this.evaluate(self, scope));
    return typeof value === 'boolean' ? value : true;
  }

  /** The one value the path leads to, without making nodes. */
  single(self: FhirPathNode, scope: Scope): Single {
    if (this.#canWalk(self, scope)) return this.#walk(self.value as JsonObject, self.type, 0, scope.model);
    const nodes = this.evaluate(self, scope);
    return nodes.length === 0 ? undefined : nodes.length > 1 ? MANY : (nodes[0]?.value ?? VALUELESS);
  }

  #canWalk(self: FhirPathNode, scope: Scope): boolean {
    if (!this.#walkable || !isObject(self.value)) return false;
    return this.#guard === undefined || this.#guard.holds(self, scope.model);
  }

  #walk(value: JsonObject, type: string | undefined, at: number, model: TypeModel | undefined): Single {
    const step = this.#steps[at] as MemberStep;
    let raw = value[step.name];
    let declared: string | undefined;
    const last = at === this.#steps.length - 1;
    if (raw === undefined || raw === null) {
      if (step.hasCompanion(value)) return last ? companionOnly(value[`_${step.name}`]) : undefined;
      const choice = step.choice(value, type, model);
      if (choice === undefined) return undefined;
      raw = value[choice.member];
      if (raw === undefined || raw === null) return last ? VALUELESS : undefined;
      declared = choice.type;
    } else if (!last) {
      declared = step.element(type, model)?.type;
    }
    if (!Array.isArray(raw)) {
      if (last) return raw;
      return isObject(raw) ? this.#walk(raw, valueType(raw, declared), at + 1, model) : undefined;
    }
    if (last) return raw.length === 0 ? undefined : raw.length > 1 ? MANY : (raw[0] ?? VALUELESS);
    let found: Single;
    for (const item of raw as readonly Json[]) {
      if (!isObject(item)) continue;
      const below = this.#walk(item, valueType(item, declared), at + 1, model);
      if (below === undefined) continue;
      if (found !== undefined || below === MANY) return MANY;
      found = below;
    }
    return found;
  }
}

const companionOnly = (companion: Json | undefined): Single => {
  if (!Array.isArray(companion)) return VALUELESS;
  const present = companion.filter((item) => item !== null).length;
  return present === 0 ? undefined : present > 1 ? MANY : VALUELESS;
};
