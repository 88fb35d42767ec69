import { isObject, type Json, type JsonObject } from '../resource.ts';
import { guessChoice } from './choice.ts';
import type { ChoiceMember, ElementModel, TypeModel } from './model.ts';
import { FhirPathNode } from './node.ts';

/** The type of a value: a resource says its own, anything else is what its element is declared to be. */
export const valueType = (value: Json | undefined, declared: string | undefined): string | undefined => {
  if (declared !== undefined && declared !== 'Resource' && declared !== 'DomainResource') return declared;
  const own = isObject(value) ? value['resourceType'] : undefined;
  return typeof own === 'string' ? own : declared;
};

/** One `.name` of a path. */
export class MemberStep {
  readonly name: string;
  readonly #companion: string;
  /** What the model last said of this name; consecutive nodes mostly share their type. */
  #model: TypeModel | undefined;
  #type: string | undefined;
  #element: ElementModel | undefined;

  constructor(name: string) {
    this.name = name;
    this.#companion = `_${name}`;
  }

  element(type: string | undefined, model: TypeModel | undefined): ElementModel | undefined {
    if (model === undefined || type === undefined) return undefined;
    if (type !== this.#type || model !== this.#model) {
      this.#model = model;
      this.#type = type;
      this.#element = model.element(type, this.name);
    }
    return this.#element;
  }

  /** True where the value has nothing under this name, though its companion may. */
  hasCompanion(value: JsonObject): boolean {
    const companion = value[this.#companion];
    return companion !== undefined && companion !== null;
  }

  /** The member in which a choice of this name stands. */
  choice(value: JsonObject, type: string | undefined, model: TypeModel | undefined): ChoiceMember | undefined {
    if (model === undefined || type === undefined) return guessChoice(value, this.name);
    const choices = this.element(type, model)?.choices;
    return choices === undefined ? undefined : chosen(value, this.name, choices);
  }

  /** Adds the children of this name to `out`. */
  append(node: FhirPathNode, out: FhirPathNode[], model: TypeModel | undefined): void {
    const value = node.value;
    if (!isObject(value)) {
      if (this.name === 'extension' || this.name === 'id') appendOfPrimitive(node, this.name, out);
      return;
    }
    const raw = value[this.name];
    if (raw !== undefined && raw !== null) {
      const element = this.element(node.type, model);
      appendValue(raw, element?.type, node, element?.name ?? this.name, this.name, out);
    } else if (this.hasCompanion(value)) {
      appendCompanions(value[this.#companion], this.element(node.type, model)?.type, node, this.name, this.name, out);
    } else {
      const choice = this.choice(value, node.type, model);
      if (choice === undefined) return;
      const chosen = value[choice.member];
      if (chosen !== undefined && chosen !== null)
        appendValue(chosen, choice.type, node, this.name, choice.member, out);
      else appendCompanions(value[`_${choice.member}`], choice.type, node, this.name, choice.member, out);
    }
  }
}

/** Looks through the members there are: they are fewer than the types that a choice may have. */
const chosen = (value: JsonObject, name: string, choices: readonly ChoiceMember[]): ChoiceMember | undefined => {
  const first = name.charCodeAt(0);
  for (const key in value) {
    const start = key.charCodeAt(0) === 95 ? 1 : 0;
    if (key.charCodeAt(start) !== first || !key.startsWith(name, start)) continue;
    const member = start === 0 ? key : key.slice(1);
    for (const choice of choices) if (choice.member === member) return choice;
  }
  return undefined;
};

const appendOfPrimitive = (node: FhirPathNode, name: string, out: FhirPathNode[]): void => {
  const companion = node.companion?.[name];
  if (companion === undefined || companion === null) return;
  const holder = new FhirPathNode(node.companion, node.type, node.parent, node.name, node.member, node.index);
  appendValue(companion, name === 'id' ? 'string' : 'Extension', holder, name, name, out);
};

const appendValue = (
  raw: Json,
  type: string | undefined,
  parent: FhirPathNode,
  name: string,
  member: string,
  out: FhirPathNode[],
): void => {
  if (!Array.isArray(raw)) {
    out.push(new FhirPathNode(raw, valueType(raw, type), parent, name, member));
    return;
  }
  for (let index = 0; index < raw.length; index++) {
    const item = raw[index] as Json;
    if (item !== null) out.push(new FhirPathNode(item, valueType(item, type), parent, name, member, index));
    else {
      const empty = new FhirPathNode(undefined, type, parent, name, member, index);
      if (empty.companion !== undefined) out.push(empty);
    }
  }
};

const appendCompanions = (
  raw: Json | undefined,
  type: string | undefined,
  parent: FhirPathNode,
  name: string,
  member: string,
  out: FhirPathNode[],
): void => {
  if (!Array.isArray(raw)) {
    out.push(new FhirPathNode(undefined, type, parent, name, member));
    return;
  }
  for (let index = 0; index < raw.length; index++) {
    if (raw[index] !== null) out.push(new FhirPathNode(undefined, type, parent, name, member, index));
  }
};

/** Every child, in the order of the JSON. */
export const appendChildren = (node: FhirPathNode, out: FhirPathNode[], model: TypeModel | undefined): void => {
  const value = node.value;
  if (!isObject(value)) {
    appendOfPrimitive(node, 'id', out);
    appendOfPrimitive(node, 'extension', out);
    return;
  }
  for (const key in value) {
    if (key === 'resourceType') continue;
    const raw = value[key];
    if (raw === undefined || raw === null) continue;
    const alone = key.charCodeAt(0) === 95;
    const member = alone ? key.slice(1) : key;
    if (alone && value[member] !== undefined) continue;
    const element = node.type === undefined ? undefined : model?.element(node.type, member);
    const name = element?.name ?? member;
    if (alone) appendCompanions(raw, element?.type, node, name, member, out);
    else appendValue(raw, element?.type, node, name, member, out);
  }
};
