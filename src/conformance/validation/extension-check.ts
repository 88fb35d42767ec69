import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { Compiler } from './compiler.ts';
import { profileCheck } from './profile.ts';
import type { Check, Run } from './run.ts';

/** Names under which the element that holds an extension may be meant by an extension's context. */
const holderNames = (compiler: Compiler, run: Run, depth: number): ReadonlySet<string> => {
  // In the published definitions, the context Element stands for anything, resources included.
  const names = new Set(['Element']);
  const holder = run.types[depth] ?? '';
  for (
    let type: string | undefined = holder;
    type !== undefined && type !== '';
    type = compiler.registry.type(type)?.base
  ) {
    names.add(type);
  }
  if (depth > 0) {
    const parent = run.types[depth - 1] ?? '';
    const element = compiler.registry
      .type(parent)
      ?.elements.find(
        ({ name, choice, types }) =>
          name === run.names[depth] ||
          (choice && types.some((type) => run.names[depth]?.toLowerCase() === `${name}${type}`.toLowerCase())),
      );
    names.add(`${parent}.${element?.name ?? run.names[depth]}`);
  }
  // A path through data types, such as Patient.name.family.
  names.add(run.names.slice(0, depth + 1).join('.'));
  return names;
};

/** Whether an extension may stand where it does (defining-extensions.html#context); contexts by FHIRPath are not judged. */
const isInContext = (compiler: Compiler, contexts: readonly JsonObject[], run: Run, depth: number): boolean => {
  if (contexts.length === 0) return true;
  const names = holderNames(compiler, run, depth);
  return contexts.some(({ type, expression }) => {
    if (type === 'fhirpath') return true;
    if (type === 'extension') return run.types[depth] === 'Extension';
    return typeof expression === 'string' && names.has(expression.replace(/\[x\]$/, '').replace(/^#/, ''));
  });
};

/** Check of an extension: as data type, then by its definition where the registry knows the url. */
export const extensionCheck =
  (compiler: Compiler, base: Check): Check =>
  (value, run, depth) => {
    const errors = run.errors;
    base(value, run, depth);
    if (run.errors !== errors || !isObject(value)) return;
    const url = value['url'];
    if (typeof url !== 'string' || !url.includes(':')) return;
    const definition = compiler.registry.structureDefinition(url);
    if (definition === undefined || definition.type !== 'Extension') return;
    const contexts = listOf(definition['context']).filter(isObject);
    if (!isInContext(compiler, contexts, run, depth - 1)) {
      const allowed = contexts.map(({ expression }) => String(expression)).join(', ');
      run.warn(depth, 'extension', `extension ${url} belongs on ${allowed}`);
    }
    profileCheck(compiler, url)(value, run, depth);
  };
