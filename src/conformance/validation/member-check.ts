import { literal } from '../../fhir/json.ts';
import { isObject, type Json, type JsonObject } from '../../fhir/resource.ts';
import type { ElementDefinition } from '../registry.ts';
import { bindingCheck } from './binding-check.ts';
import { canonicalCheck } from './canonical-check.ts';
import type { Compiler } from './compiler.ts';
import { referenceCheck } from './reference-check.ts';
import { type Check, EMPTY_ELEMENT, type MemberCheck, type Run } from './run.ts';

const EMPTY_ARRAY = 'an array must not be empty; leave it out instead';

const both =
  (first: Check, second: Check): Check =>
  (value, run, depth) => {
    const errors = run.errors;
    first(value, run, depth);
    if (run.errors === errors) second(value, run, depth);
  };

/** What one value of the element must hold: its type, binding, reference targets, then the element's own invariants. */
const itemCheck = (compiler: Compiler, element: ElementDefinition, type: string): Check => {
  let check = compiler.check(type);
  const binding = element.binding && bindingCheck(compiler.registry, element.binding, type);
  if (binding !== undefined) check = both(check, binding);
  if (type === 'Reference') check = both(check, referenceCheck(compiler.registry, element.targets));
  if (type === 'canonical') check = both(check, canonicalCheck(compiler.registry, element.targets));
  const known = new Set(compiler.registry.type(type)?.constraints.map(({ key }) => key));
  const invariants = compiler.invariants(
    element.constraints.filter(({ key }) => !known.has(key)),
    type,
  );
  if (invariants.length === 0) return check;
  return both(check, (value, run, depth) => {
    for (const invariant of invariants) invariant(value, run, depth);
  });
};

const listCheck =
  (element: ElementDefinition, item: Check): MemberCheck =>
  (value, _parent, run, depth) => {
    if (!Array.isArray(value)) {
      run.fail(depth, 'structure', `${element.name} repeats: expected a JSON array`);
      return;
    }
    if (value.length === 0) run.fail(depth, 'structure', EMPTY_ARRAY);
    if (value.length > element.max)
      run.fail(depth, 'structure', `at most ${element.max} allowed, found ${value.length}`);
    for (let at = 0; at < value.length; at += 1) {
      run.indexes[depth] = at;
      item(value[at], run, depth);
    }
  };

/** Items may be null where the array `_name` says something instead (json.html#primitive). */
const primitiveListCheck =
  (element: ElementDefinition, item: Check, sibling: string): MemberCheck =>
  (value, parent, run, depth) => {
    if (!Array.isArray(value)) {
      run.fail(depth, 'structure', `${element.name} repeats: expected a JSON array`);
      return;
    }
    if (value.length === 0) run.fail(depth, 'structure', EMPTY_ARRAY);
    if (value.length > element.max)
      run.fail(depth, 'structure', `at most ${element.max} allowed, found ${value.length}`);
    const beside = parent[sibling];
    for (let at = 0; at < value.length; at += 1) {
      run.indexes[depth] = at;
      if (value[at] !== null) item(value[at], run, depth);
      else if (!Array.isArray(beside) || !isObject(beside[at])) {
        run.fail(depth, 'structure', `null is allowed only where ${sibling}[${at}] holds an extension or id`);
      }
    }
  };

const INTEGERS = new Set(['integer', 'unsignedInt', 'positiveInt']);

/** As JSON 1.0 is 1, but as XML it is none: integers are written without a point or an exponent (datatypes.html#integer). */
const failUnlessWhole = (parent: JsonObject | readonly Json[], key: string | number, run: Run, depth: number): void => {
  const text = literal(parent, key);
  if (/[.eE]/.test(text))
    run.fail(depth, 'value', `${text} is not an integer: write it without a point or an exponent`);
  else if (text === '-0') run.fail(depth, 'value', '-0 is not an integer: write 0');
};

const writtenWhole =
  (base: MemberCheck, name: string): MemberCheck =>
  (value, parent, run, depth) => {
    const errors = run.errors;
    base(value, parent, run, depth);
    if (run.errors !== errors) return;
    if (typeof value === 'number') failUnlessWhole(parent as JsonObject, name, run, depth);
    else if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) {
        run.indexes[depth] = at;
        failUnlessWhole(value, at, run, depth);
      }
    }
  };

/** Check of the member `name`, whose values have the given type. */
export const memberCheck = (
  compiler: Compiler,
  element: ElementDefinition,
  type: string,
  name: string,
): MemberCheck => {
  const check = valueCheck(compiler, element, type, name);
  return INTEGERS.has(type) ? writtenWhole(check, name) : check;
};

const valueCheck = (compiler: Compiler, element: ElementDefinition, type: string, name: string): MemberCheck => {
  const item = itemCheck(compiler, element, type);
  if (element.max > 1) {
    return compiler.isPrimitive(type) ? primitiveListCheck(element, item, `_${name}`) : listCheck(element, item);
  }
  return (value, _parent, run, depth) => {
    if (Array.isArray(value))
      run.fail(depth, 'structure', `${name} does not repeat: expected a single value, found an array`);
    else item(value, run, depth);
  };
};

/** Check of `_name`, which holds id and extensions of a primitive. */
export const siblingCheck = (
  compiler: Compiler,
  element: ElementDefinition,
  type: string,
  name: string,
): MemberCheck => {
  const item = compiler.sibling(type);
  const check = (value: unknown, primitive: unknown, run: Run, depth: number): void => {
    item(value, run, depth);
    const isEmpty =
      (primitive === undefined || primitive === null) && isObject(value) && value['extension'] === undefined;
    if (isEmpty) run.fail(depth, 'structure', EMPTY_ELEMENT);
  };
  return (value, parent, run, depth) => {
    run.names[depth] = name;
    if (element.max <= 1) {
      if (Array.isArray(value)) run.fail(depth, 'structure', `_${name} does not repeat: expected an object`);
      else check(value, parent[name], run, depth);
      return;
    }
    if (!Array.isArray(value)) {
      run.fail(depth, 'structure', `_${name} repeats: expected a JSON array`);
      return;
    }
    const beside = parent[name];
    if (value.length === 0) run.fail(depth, 'structure', EMPTY_ARRAY);
    else if (Array.isArray(beside) && beside.length !== value.length) {
      run.fail(depth, 'structure', `_${name} has ${value.length} items but ${name} has ${beside.length}`);
    }
    for (let at = 0; at < value.length; at += 1) {
      run.indexes[depth] = at;
      if (value[at] !== null) check(value[at], Array.isArray(beside) ? beside[at] : undefined, run, depth);
      else if (!Array.isArray(beside)) run.fail(depth, 'structure', EMPTY_ELEMENT);
    }
  };
};
