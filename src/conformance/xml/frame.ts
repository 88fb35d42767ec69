import type { LiteralsOf } from '../../fhir/json-reader.ts';
import { LITERALS } from '../../fhir/json.ts';
import type { Json } from '../../fhir/resource.ts';
import type { XmlMember, XmlType } from './layout.ts';
import type { PrimitiveValue } from './primitive-text.ts';

export type Draft = { [member: string]: Json | undefined } & LiteralsOf;
type List = Json[] & LiteralsOf;

/** An element that is open: an object in the making, a primitive with what it carries, or `holder`, which awaits a resource. */
export interface Frame {
  readonly kind: 'object' | 'primitive' | 'holder';
  readonly member: XmlMember | undefined;
  readonly type: XmlType;
  readonly parent: Frame | undefined;
  /** Place in its list; -1 where the member does not repeat. */
  readonly index: number;
  /** Nesting as JSON counts it, arrays included. */
  readonly depth: number;
  /** Offset of its `<`. */
  readonly start: number;
  readonly object: Draft;
  /** Text of a primitive's `value`. */
  text?: string | undefined;
  /** Lists of primitives in which something has no value. */
  gaps?: Set<string>;
}

/** How many values a member has so far. */
export const countOf = ({ object }: Frame, { name, list }: XmlMember): number => {
  const value = object[name];
  if (list) return Array.isArray(value) ? value.length : 0;
  return value === undefined && object[`_${name}`] === undefined ? 0 : 1;
};

/** Adds a value to the member of an open element. */
export const add = (frame: Frame, { name, list }: XmlMember, { value, literal }: PrimitiveValue): void => {
  if (!list) {
    frame.object[name] = value;
    if (literal !== undefined) keep(frame.object, name, literal);
    return;
  }
  const items = listAt(frame.object, name);
  items.push(value);
  if (literal !== undefined) keep(items, String(items.length - 1), literal);
};

/** Adds a primitive and what it carries beside its value, to `name` and `_name` (json.html#primitive). */
export const addPrimitive = (
  frame: Frame,
  member: XmlMember,
  value: PrimitiveValue | undefined,
  extra: Draft,
): void => {
  const hasExtra = Object.keys(extra).length > 0;
  const sibling = `_${member.name}`;
  if (!member.list) {
    if (value !== undefined) add(frame, member, value);
    if (hasExtra) frame.object[sibling] = extra;
    return;
  }
  if (value === undefined) {
    frame.gaps ??= new Set();
    frame.gaps.add(member.name);
  }
  add(frame, member, value ?? { value: null });
  const count = countOf(frame, member);
  if (!hasExtra && frame.object[sibling] === undefined) return;
  const extras = listAt(frame.object, sibling);
  while (extras.length < count - 1) extras.push(null);
  extras.push(hasExtra ? extra : null);
};

/** A list of nulls alone says nothing: it is left out, as the published examples do. */
export const dropEmptyLists = ({ object, gaps }: Frame): void => {
  for (const name of gaps ?? []) {
    const items = object[name];
    if (Array.isArray(items) && items.every((item) => item === null)) delete object[name];
  }
};

const listAt = (object: Draft, name: string): List => {
  const known = object[name];
  if (Array.isArray(known)) return known;
  const made: List = [];
  object[name] = made;
  return made;
};

const keep = (parent: LiteralsOf, key: string, literal: string): void => {
  parent[LITERALS] ??= {};
  parent[LITERALS][key] = literal;
};

/** FHIRPath of an open element: `Bundle.entry[3].resource.name[0]`. */
export const expressionOf = (frame: Frame | undefined): string => {
  if (frame === undefined) return '';
  if (frame.member === undefined) return frame.parent === undefined ? frame.type.name : expressionOf(frame.parent);
  return `${expressionOf(frame.parent)}.${frame.member.name}${frame.index < 0 ? '' : `[${frame.index}]`}`;
};
