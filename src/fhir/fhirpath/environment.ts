import { isResource, type Json } from '../resource.ts';
import type { TypeModel } from './model.ts';
import { type Collection, EMPTY, FhirPathNode, rootNode } from './node.ts';

/** What an evaluation may know beyond its input. Everything is optional. */
export interface Environment {
  readonly model?: TypeModel;
  /** Type of an input that is neither a resource nor a node: `Quantity`. */
  readonly type?: string;
  /** `%resource`; by default the resource nearest to the input. */
  readonly resource?: FhirPathNode | Json;
  /** `%rootResource`; by default the container of a contained resource, else `%resource`. */
  readonly rootResource?: FhirPathNode | Json;
  /** Further `%name` constants. */
  readonly variables?: Readonly<Record<string, Json | FhirPathNode | readonly FhirPathNode[]>>;
  /** ms UTC, for now(), today() and timeOfDay(). */
  readonly now?: number;
  /** The resource a reference names; where there is none, the type that the reference's text tells stands for it. */
  readonly resolve?: (reference: string, from: FhirPathNode) => Json | undefined;
  readonly memberOf?: (node: FhirPathNode, valueSet: string) => boolean | undefined;
  readonly conformsTo?: (node: FhirPathNode, profile: string) => boolean | undefined;
  readonly trace?: (name: string, nodes: readonly FhirPathNode[]) => void;
  /** `value` of unit `from` in unit `to` (UCUM codes), beyond the few units known here. */
  readonly convertUnit?: (value: number, from: string, to: string) => number | undefined;
}

const NOTHING: Environment = Object.freeze({});

/** The state of one evaluation. */
export class Scope {
  readonly environment: Environment;
  readonly model: TypeModel | undefined;
  /** `%context` */
  readonly context: FhirPathNode;
  /** `$index`, `$total`, and the collection that iif() sees as `$this`. */
  index = 0;
  total: Collection = EMPTY;
  bag: Collection = EMPTY;
  /** Set where something cannot be told from what there is: the order of 2020 and 2020-06, the type or the beginning of nothing. */
  undecided = false;

  constructor(context: FhirPathNode, environment: Environment = NOTHING) {
    this.context = context;
    this.environment = environment;
    this.model = environment.model;
  }

  get resource(): FhirPathNode {
    const given = this.environment.resource;
    return given === undefined ? (nearestResource(this.context) ?? this.context) : asNode(given);
  }

  get rootResource(): FhirPathNode {
    const given = this.environment.rootResource;
    if (given !== undefined) return asNode(given);
    const resource = this.resource;
    return resource.name === 'contained' ? (nearestResource(resource.parent) ?? resource) : resource;
  }

  get now(): Date {
    return new Date(this.environment.now ?? Date.now());
  }
}

export const asNode = (value: FhirPathNode | Json): FhirPathNode =>
  value instanceof FhirPathNode ? value : rootNode(value);

const nearestResource = (from: FhirPathNode | undefined): FhirPathNode | undefined => {
  for (let node = from; node !== undefined; node = node.parent) if (isResource(node.value)) return node;
  return undefined;
};
