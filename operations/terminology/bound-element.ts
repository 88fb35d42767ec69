import type { Registry } from '../../src/conformance/registry.ts';
import { objectsAt, textAt } from '../../src/conformance/terminology/read.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type JsonObject } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedWhere } from '../../src/interactions/stored-terminology.ts';

const BASE = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * The canonical of the value set that an element is bound to. `context` is [StructureDefinition url]#[path], a path of
 * element names such as Observation.status, or the id of a slice's element; what a profile does not bind, its base does.
 * @throws Problem `invalid` where it is no such element or has no binding, `not-found` where the definition is not known
 */
export async function boundValueSet(call: Call, context: string): Promise<string> {
  const [url = '', path = ''] = context.split('#');
  if (url === '' || path === '')
    throw wrong(`'${context}' is no context: it is [StructureDefinition url]#[path], as ${BASE}Patient#Patient.gender`);
  for (let at = url, hops = 0; hops < HOPS; hops += 1) {
    const type = at.startsWith(BASE) ? at.slice(BASE.length) : '';
    if (call.world.registry.type(type) !== undefined) return ofType(call.world.registry, type, path, context);
    const definition = call.world.registry.structureDefinition(at) ?? (await storedDefinition(call, at));
    if (definition === undefined)
      throw new Problem('not-found', `The StructureDefinition '${at}' is not known here`, { expression: ['context'] });
    const bound = ofProfile(definition, path);
    if (bound !== undefined) return bound;
    at = textAt(definition, 'baseDefinition') ?? '';
  }
  throw wrong(`The element '${path}' of '${url}' has no binding`);
}

const HOPS = 10;
const wrong = (diagnostics: string): Problem => new Problem('invalid', diagnostics, { expression: ['context'] });

async function storedDefinition(call: Call, url: string): Promise<JsonObject | undefined> {
  const where = { kind: 'uri', param: 'url', match: 'exact', value: url } as const;
  return (await storedWhere(call, 'StructureDefinition', [where]))[0];
}

function ofProfile(definition: JsonObject, path: string): string | undefined {
  const elements = ['snapshot', 'differential'].flatMap((view) => {
    const stated = definition[view];
    return isObject(stated) ? objectsAt(stated, 'element') : [];
  });
  const whole = textAt(definition, 'type') ?? '';
  const named = path.startsWith(`${whole}.`) ? path : `${whole}.${path}`;
  const meant = elements.filter((it) => it['id'] === named || (it['path'] === named && it['sliceName'] === undefined));
  for (const { binding } of meant) {
    const valueSet = isObject(binding) ? textAt(binding, 'valueSet') : undefined;
    if (valueSet !== undefined) return valueSet;
  }
  return undefined;
}

function ofType(registry: Registry, type: string, path: string, context: string): string {
  const names = path.replace(/:[^.]*/g, '').split('.');
  if (names[0] === type) names.shift();
  let owner = type;
  let bound: string | undefined;
  for (const name of names) {
    const element = registry.type(owner)?.elements.find((it) => (it.choice ? chosen(it.name, name) : it.name === name));
    if (element === undefined) throw wrong(`'${context}': ${owner} has no element '${name}'`);
    owner = element.types[0] ?? '';
    bound = element.binding?.valueSet;
  }
  if (bound !== undefined) return bound;
  throw wrong(`The element '${path}' of ${type} has no binding`);
}

/** `value[x]`, or one of its types: `valueCodeableConcept`. */
const chosen = (choice: string, name: string): boolean =>
  name === choice || name === `${choice}[x]` || new RegExp(`^${choice}[A-Z]`).test(name);
