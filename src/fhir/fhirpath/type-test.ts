import { isObject } from '../resource.ts';
import type { TypeModel } from './model.ts';
import type { FhirPathNode } from './node.ts';
import type { TypeName } from './syntax.ts';
import { parseTemporal } from './temporal.ts';

/** FHIR's primitive types by the FHIRPath type that they stand for. */
const SYSTEM: ReadonlyMap<string, string> = new Map([
  ['boolean', 'Boolean'],
  ...['string', 'uri', 'url', 'canonical', 'code', 'id', 'oid', 'uuid', 'markdown', 'base64Binary', 'xhtml'].map(
    (type) => [type, 'String'] as const,
  ),
  ...['integer', 'positiveInt', 'unsignedInt'].map((type) => [type, 'Integer'] as const),
  ['decimal', 'Decimal'],
  ['date', 'Date'],
  ['dateTime', 'DateTime'],
  ['instant', 'DateTime'],
  ['time', 'Time'],
  ['Quantity', 'Quantity'],
]);
const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  'Boolean',
  'String',
  'Integer',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
]);
/** The derivations that hold without a model. */
const BASES: ReadonlyMap<string, string> = new Map([
  ...['code', 'id', 'markdown'].map((type) => [type, 'string'] as const),
  ...['url', 'canonical', 'uuid', 'oid'].map((type) => [type, 'uri'] as const),
  ...['positiveInt', 'unsignedInt'].map((type) => [type, 'integer'] as const),
  ...['Age', 'Count', 'Distance', 'Duration', 'SimpleQuantity', 'MoneyQuantity'].map(
    (type) => [type, 'Quantity'] as const,
  ),
  ['BackboneElement', 'Element'],
  ['DomainResource', 'Resource'],
]);
const PLAIN_RESOURCES: ReadonlySet<string> = new Set(['Bundle', 'Binary', 'Parameters']);

/** Whether the node is of the type or of one derived from it. */
export const isType = (node: FhirPathNode, type: TypeName, model: TypeModel | undefined): boolean => {
  const own = node.type;
  const { namespace, name } = type;
  if (own === name && namespace !== 'System') return true;
  if (own === undefined) return looksLike(node, name);
  const system = own.startsWith('System.') ? own.slice(7) : undefined;
  // FHIR's types are none of FHIRPath's own; without a namespace R4's `answer is Boolean` (que-7) means both.
  if (namespace === 'System') return system === name;
  if (namespace === undefined && SYSTEM_NAMES.has(name)) return (system ?? SYSTEM.get(own)) === name;
  if (system !== undefined) return namespace === undefined && SYSTEM.get(name) === system;
  for (let above = baseOf(own, node, model); above !== undefined; above = baseOf(above, node, model)) {
    if (above === name) return true;
  }
  return false;
};

const baseOf = (type: string, node: FhirPathNode, model: TypeModel | undefined): string | undefined => {
  const known = model?.base(type) ?? BASES.get(type);
  if (known !== undefined) return known;
  if (type === 'Resource' || type === 'Element') return undefined;
  if (type.includes('.')) return 'BackboneElement';
  const isRoot = isObject(node.value) && node.value['resourceType'] === type;
  return isRoot ? (PLAIN_RESOURCES.has(type) ? 'Resource' : 'DomainResource') : 'Element';
};

const looksLike = ({ value }: FhirPathNode, name: string): boolean => {
  if (isObject(value)) return value['resourceType'] === undefined && !SYSTEM_NAMES.has(name) && /^[A-Z]/.test(name);
  const system = SYSTEM.get(name) ?? name;
  if (typeof value === 'boolean') return system === 'Boolean';
  if (typeof value === 'number') return system === 'Decimal' || (system === 'Integer' && Number.isInteger(value));
  if (typeof value !== 'string') return false;
  if (system === 'String') return true;
  const temporal = parseTemporal(value);
  if (system === 'Time') return temporal?.family === 'time';
  return temporal?.family === 'date' && (system === 'DateTime' || (system === 'Date' && temporal.precision <= 2));
};

/** Whether a number is to be treated as an integer. */
export const isIntegerNode = (node: FhirPathNode): boolean => {
  if (typeof node.value !== 'number') return false;
  if (node.type === undefined) return Number.isInteger(node.value);
  return node.type === 'System.Integer' || SYSTEM.get(node.type) === 'Integer';
};

/** FHIRPath's own type of the node's value: `String` for a FHIR code. */
export const systemType = (node: FhirPathNode): string | undefined =>
  node.type?.startsWith('System.') ? node.type.slice(7) : SYSTEM.get(node.type ?? '');
