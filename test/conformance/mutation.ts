import type { Registry } from '../../src/conformance/registry.ts';
import { isObject, type JsonObject, type Resource } from '../../src/fhir/resource.ts';

/** A resource spoilt in one place, and where a validator must say so. */
export interface Mutation {
  readonly kind: 'missing' | 'wrong-json-type' | 'bad-code' | 'unknown' | 'second-choice' | 'empty' | 'repeated';
  readonly expression: string;
  readonly resource: Resource;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

interface Place {
  readonly type: string;
  readonly value: JsonObject;
  readonly path: readonly (string | number)[];
}

/** Objects of known type in a resource, the resource itself first; resources inside it are left out. */
function* places(registry: Registry, place: Place): Generator<Place> {
  yield place;
  for (const element of registry.type(place.type)?.elements ?? []) {
    for (const type of element.types) {
      if (type === 'Resource' || type === 'Extension' || !/^[A-Z]/.test(type)) continue;
      const name = element.choice ? `${element.name}${capital(type)}` : element.name;
      const value = place.value[name];
      const items = Array.isArray(value) ? value : [value];
      for (const [at, item] of items.entries()) {
        if (isObject(item)) {
          yield* places(registry, {
            type,
            value: item,
            path: [...place.path, name, ...(Array.isArray(value) ? [at] : [])],
          });
        }
      }
    }
  }
}

/** A copy of the resource in which the object at the path is replaced. */
const replaced = (
  value: unknown,
  path: readonly (string | number)[],
  change: (object: JsonObject) => JsonObject,
): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return isObject(value) ? change(value) : value;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? replaced(item, rest, change) : item));
  return isObject(value) ? { ...value, [step]: replaced(value[step], rest, change) } : value;
};

const without = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Every way of spoiling a valid resource that must be noticed. */
export function* mutations(registry: Registry, resource: Resource): Generator<Mutation> {
  for (const { type, path, value } of places(registry, { type: resource.resourceType, value: resource, path: [] })) {
    const prefix = path.reduce<string>(
      (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${step}`),
      resource.resourceType,
    );
    const made = (kind: Mutation['kind'], name: string, change: (object: JsonObject) => JsonObject): Mutation => ({
      kind,
      expression: name === '' ? prefix : `${prefix}.${name}`,
      resource: replaced(resource, path, change) as Resource,
    });
    yield made('unknown', 'nonsense', (it) => ({ ...it, nonsense: 1 }));
    yield made('empty', 'extension', (it) => ({ ...it, extension: [] }));
    for (const element of registry.type(type)?.elements ?? []) {
      const names = element.types.map((it) => (element.choice ? `${element.name}${capital(it)}` : element.name));
      const present = names.find((name) => value[name] !== undefined);
      if (present === undefined) continue;
      const elementType = element.types[names.indexOf(present)] ?? '';
      if (element.min > 0) yield made('missing', element.name, (it) => without(it, [present, `_${present}`]));
      yield made('wrong-json-type', present, (it) => ({
        ...it,
        [present]: element.max > 1 ? { a: 1 } : [value[present] ?? null],
      }));
      if (element.max === 1 && elementType !== 'xhtml') {
        yield made('wrong-json-type', present, (it) => ({
          ...it,
          [present]: typeof value[present] === 'boolean' ? 'x' : true,
        }));
      }
      if (
        elementType === 'code' &&
        element.max === 1 &&
        element.binding?.strength === 'required' &&
        registry.valueSet(element.binding.valueSet)?.complete
      ) {
        yield made('bad-code', present, (it) => ({ ...it, [present]: 'no-such-code' }));
      }
      const other = names.find((name) => name !== present);
      if (element.choice && other !== undefined)
        yield made('second-choice', '', (it) => ({ ...it, [other]: value[present] ?? null }));
    }
  }
}
