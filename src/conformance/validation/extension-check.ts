import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { StructureDefinitionSource } from '../registry.ts';
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

/** R4's own definitions bear these where their contexts do not let them, so they are only doubted there. */
const MISPLACED_BY_R4: ReadonlySet<string> = new Set(
  [
    'regex',
    'structuredefinition-fhir-type',
    'structuredefinition-normative-version',
    'translation',
    'valueset-concept-comments',
  ].map((name) => `http://hl7.org/fhir/StructureDefinition/${name}`),
);

/** True where the definition says that whoever does not know the extension must not read on (ElementDefinition.isModifier). */
const isModifier = ({ snapshot, differential }: StructureDefinitionSource): boolean => {
  const stated = isObject(snapshot) ? snapshot : differential;
  const [root] = isObject(stated) ? listOf(stated['element']).filter(isObject) : [];
  return root?.['isModifier'] === true;
};

/** Why an extension may not stand where it does, though it is well made. */
const placeProblem = (
  compiler: Compiler,
  definition: StructureDefinitionSource,
  run: Run,
  depth: number,
): string | undefined => {
  const member = isModifier(definition) ? 'modifierExtension' : 'extension';
  if (run.names[depth] !== member) return `extension ${definition.url} is for ${member}, not for ${run.names[depth]}`;
  const contexts = listOf(definition['context']).filter(isObject);
  if (isInContext(compiler, contexts, run, depth - 1)) return undefined;
  return `extension ${definition.url} belongs on ${contexts.map(({ expression }) => String(expression)).join(', ')}`;
};

/** Check of an extension: as data type, then by its definition where the registry knows the url. */
export const extensionCheck =
  (compiler: Compiler, base: Check): Check =>
  (value, run, depth) => {
    const errors = run.errors;
    base(value, run, depth);
    if (run.errors !== errors || !isObject(value)) return;
    const url = value['url'];
    if (typeof url !== 'string') return;
    if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
      // Inside of another one a name is enough: it is relative to that one's definition.
      if (run.types[depth - 1] === 'Extension') return;
      run.enter(depth + 1, 'url');
      run.fail(depth + 1, 'value', `${url} is not absolute, and only an extension within another may be named so`);
      return;
    }
    const definition = compiler.registry.structureDefinition(url);
    if (definition === undefined || definition.type !== 'Extension') return;
    const problem = placeProblem(compiler, definition, run, depth);
    if (problem !== undefined) {
      if (MISPLACED_BY_R4.has(definition.url)) run.warn(depth, 'extension', problem);
      else run.fail(depth, 'extension', problem);
    }
    profileCheck(compiler, url)(value, run, depth);
  };
