import { isObject } from '../resource.ts';
import { MemberStep } from './member-step.ts';
import type { TypeModel } from './model.ts';
import { type Collection, EMPTY, type FhirPathNode } from './node.ts';
import { isType } from './type-test.ts';

/** The type name a path may begin with: `Observation` of `Observation.subject`. */
export class TypeGuard {
  readonly name: string;
  readonly #step: MemberStep;
  /** The last answer; search parameters ask it again and again of the same types. */
  #type: string | undefined;
  #model: TypeModel | undefined;
  #holds = false;

  constructor(name: string) {
    this.name = name;
    this.#step = new MemberStep(name);
  }

  /** Whether the node is of the type. */
  holds(node: FhirPathNode, model: TypeModel | undefined): boolean {
    const { type } = node;
    if (type === undefined) return isType(node, { namespace: undefined, name: this.name }, model);
    if (type !== this.#type || model !== this.#model) {
      this.#type = type;
      this.#model = model;
      this.#holds = isType(node, { namespace: undefined, name: this.name }, model);
    }
    return this.#holds;
  }

  /** Nodes of the type itself; of others, their members of that name. */
  passed(nodes: Collection, model: TypeModel | undefined): Collection {
    const first = nodes[0];
    if (nodes.length === 1 && first) {
      if (this.holds(first, model)) return nodes;
      if (!isObject(first.value) || first.value[this.name] === undefined) return EMPTY;
    }
    const out: FhirPathNode[] = [];
    for (const node of nodes) {
      if (this.holds(node, model)) out.push(node);
      else if (isObject(node.value) && node.value[this.name] !== undefined) this.#step.append(node, out, model);
    }
    return out;
  }
}
