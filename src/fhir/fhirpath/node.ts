import { literal } from '../json.ts';
import { isObject, type Json, type JsonObject, listOf } from '../resource.ts';

/** What every FHIRPath expression gives. */
export type Collection = readonly FhirPathNode[];

/** One item: a JSON value, the type it has where that is known, and the place it was found in. */
export class FhirPathNode {
  /** Undefined for a primitive that has only an id or extensions. */
  readonly value: Json | undefined;
  /** FHIR types by plain name (`Quantity`, `Patient.contact`), FHIRPath's own as `System.String`. */
  readonly type: string | undefined;
  readonly parent: FhirPathNode | undefined;
  /** Name in FHIRPath; for a root, the text its path begins with. */
  readonly name: string;
  /** Name in JSON (`valueQuantity` for `value`). */
  readonly member: string;
  /** Place in the JSON array, -1 outside one. */
  readonly index: number;

  constructor(
    value: Json | undefined,
    type: string | undefined,
    parent?: FhirPathNode,
    name = '',
    member: string = name,
    index = -1,
  ) {
    this.value = value;
    this.type = type;
    this.parent = parent;
    this.name = name;
    this.member = member;
    this.index = index;
  }

  /** FHIRPath of the place, as OperationOutcome.issue.expression wants it: `Observation.component[1].code`. */
  get path(): string {
    if (this.parent === undefined) return this.name === '' ? (this.type ?? '') : this.name;
    const above = this.parent.path;
    return `${above === '' ? '' : `${above}.`}${this.name}${this.index < 0 ? '' : `[${this.index}]`}`;
  }

  /** The `_member` object beside a primitive. */
  get companion(): JsonObject | undefined {
    const siblings = isObject(this.parent?.value) ? this.parent.value[`_${this.member}`] : undefined;
    const own = Array.isArray(siblings) ? siblings[Math.max(this.index, 0)] : siblings;
    return isObject(own) ? own : undefined;
  }

  /** Extensions of the element, a primitive's included. */
  get extensions(): readonly Json[] {
    return listOf((isObject(this.value) ? this.value : this.companion)?.['extension']);
  }

  /** A primitive as text, a decimal by its literal; undefined for anything else. */
  get text(): string | undefined {
    const value = this.value;
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (typeof value !== 'number') return undefined;
    const holder = this.parent?.value;
    if (!isObject(holder)) return String(value);
    const list = holder[this.member];
    return Array.isArray(list) ? literal(list, this.index) : literal(holder, this.member);
  }
}

export const EMPTY: Collection = Object.freeze([]);
export const TRUE: Collection = Object.freeze([new FhirPathNode(true, 'System.Boolean')]);
export const FALSE: Collection = Object.freeze([new FhirPathNode(false, 'System.Boolean')]);

export const booleanCollection = (value: boolean | undefined): Collection =>
  value === undefined ? EMPTY : value ? TRUE : FALSE;
export const stringNode = (value: string): FhirPathNode => new FhirPathNode(value, 'System.String');
export const integerNode = (value: number): FhirPathNode => new FhirPathNode(value, 'System.Integer');
export const decimalNode = (value: number): FhirPathNode => new FhirPathNode(value, 'System.Decimal');

/** The node evaluation starts at: a resource by its `resourceType`, anything else by the type given. */
export const rootNode = (value: Json, type?: string, path = ''): FhirPathNode => {
  const resourceType = isObject(value) ? value['resourceType'] : undefined;
  return new FhirPathNode(value, typeof resourceType === 'string' ? resourceType : type, undefined, path);
};
