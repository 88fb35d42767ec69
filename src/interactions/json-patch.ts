import { type LITERALS, literal, setMember } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';

/** Values that all copies of a patch may make: `copy` of the whole into itself doubles it each time. */
const MAXIMUM_COPIED = 100_000;
interface Budget {
  left: number;
}
type Container = { [member: string]: Json | undefined; [LITERALS]?: { [member: string]: string } };

/** Applies a JSON Patch (RFC 6902) to a freshly parsed document, in place, and returns it. Throws Problem naming the operation. */
export function applyJsonPatch(document: Json, operations: Json): Json {
  if (!Array.isArray(operations)) throw new Problem('invalid', 'A JSON Patch is an array of operations');
  const holder: Container = { root: document };
  const budget: Budget = { left: MAXIMUM_COPIED };
  for (const [index, operation] of operations.entries()) {
    try {
      apply(holder, operation, budget);
    } catch (error) {
      if (error instanceof Problem) throw new Problem(error.kind, `Operation ${index} of the patch: ${error.message}`);
      throw error;
    }
  }
  return holder['root'] ?? null;
}

function apply(holder: Container, operation: Json, budget: Budget): void {
  if (!isObject(operation)) throw new Problem('invalid', 'it is not an object');
  const { op } = operation;
  const path = pointer(operation, 'path');
  switch (op) {
    case 'add':
      add(holder, path, statedValue(operation), literal(operation, 'value'));
      return;
    case 'remove':
      remove(holder, path);
      return;
    case 'replace':
      get(holder, path);
      if (Array.isArray(parentOf(holder, path))) remove(holder, path);
      add(holder, path, statedValue(operation), literal(operation, 'value'));
      return;
    case 'move': {
      const from = pointer(operation, 'from');
      if (path.length > from.length && from.every((token, i) => token === path[i])) {
        throw new Problem('invalid', 'a value cannot be moved into itself');
      }
      const value = get(holder, from);
      const text = literal(parentOf(holder, from) as JsonObject, from.at(-1) ?? '');
      remove(holder, from);
      add(holder, path, value, text);
      return;
    }
    case 'copy': {
      const from = pointer(operation, 'from');
      add(
        holder,
        path,
        copied(get(holder, from), budget),
        literal(parentOf(holder, from) as JsonObject, from.at(-1) ?? ''),
      );
      return;
    }
    case 'test':
      if (same(get(holder, path), statedValue(operation))) return;
      throw new Problem(
        'business-rule',
        `the value at '${String(operation['path'])}' is not the one that 'test' states`,
      );
    default:
      throw new Problem('invalid', `'${String(op)}' is not one of add, remove, replace, move, copy, test`);
  }
}

/** The tokens of a JSON pointer (RFC 6901), `root` before them. */
function pointer(operation: JsonObject, member: 'path' | 'from'): readonly string[] {
  const text = operation[member];
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) {
    throw new Problem('invalid', `'${member}' is not a JSON pointer such as /birthDate`);
  }
  const tokens = text.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (tokens.includes('__proto__')) throw new Problem('invalid', `'${member}' names __proto__`);
  return ['root', ...tokens.slice(1)];
}

const statedValue = (operation: JsonObject): Json => {
  if (operation['value'] === undefined) throw new Problem('invalid', "it has no 'value'");
  return operation['value'];
};

function get(holder: Container, path: readonly string[]): Json {
  let value: Json | undefined = holder as JsonObject;
  for (const token of path) value = child(value, token);
  if (value === undefined) throw missing(path);
  return value;
}
function child(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value))
    return /^(?:0|[1-9]\d*)$/.test(token) ? (value[Number(token)] as Json | undefined) : undefined;
  return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}
const parentOf = (holder: Container, path: readonly string[]): Json =>
  path.length === 1 ? (holder as JsonObject) : get(holder, path.slice(0, -1));
const missing = (path: readonly string[]): Problem =>
  new Problem('business-rule', `there is nothing at '/${path.slice(1).join('/')}'`);

function add(holder: Container, path: readonly string[], value: Json, text: string): void {
  const parent = parentOf(holder, path);
  const token = path.at(-1) ?? '';
  if (Array.isArray(parent)) {
    const index = token === '-' ? parent.length : /^(?:0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
    if (index < 0 || index > parent.length) throw missing(path);
    parent.splice(index, 0, value);
  } else if (isObject(parent)) {
    setMember(parent as Container, token, value, text);
  } else throw missing(path);
}

function remove(holder: Container, path: readonly string[]): void {
  get(holder, path);
  const parent = parentOf(holder, path);
  const token = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(token), 1);
  else delete (parent as Container)[token];
}

function copied(value: Json, budget: Budget): Json {
  budget.left -= 1;
  if (budget.left < 0) throw new Problem('too-costly', `more than ${MAXIMUM_COPIED} values are copied`);
  if (Array.isArray(value)) return value.map((item) => copied(item, budget));
  if (!isObject(value)) return value;
  const copy: Container = { ...value };
  for (const member of Object.keys(copy)) copy[member] = copied(copy[member] ?? null, budget);
  return copy as JsonObject;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
