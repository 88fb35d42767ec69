import { createHash } from 'node:crypto';
import { isObject, type JsonObject, listOf } from '../fhir/resource.ts';
import { expressionFor } from './base-expression.ts';
import { generated } from './generated.ts';
import type { SearchParameterDefinition, SearchParameterType } from './registry.ts';

const PREFIX = 'http://hl7.org/fhir/SearchParameter/';

/** Layout of search-parameters.json. A url is the tail after the prefix above. */
interface SearchParametersFile {
  readonly parameters: readonly (readonly [
    code: string,
    type: SearchParameterType,
    url: string,
    targets: number,
    components: readonly (readonly [definition: string, expression: string])[],
    bases: readonly (readonly [base: string, expression: string, description: string])[],
  ])[];
  readonly targets: readonly string[];
}

interface Parameter {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  readonly targets: readonly string[];
  readonly components: readonly (readonly [definition: string, expression: string])[];
  readonly bases: readonly (readonly [base: string, expression: string, description: string])[];
}

const TYPES = new Set<string>([
  'number',
  'date',
  'string',
  'token',
  'reference',
  'composite',
  'quantity',
  'uri',
  'special',
]);
const isType = (text: string): text is SearchParameterType => TYPES.has(text);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const builtIn = (): readonly Parameter[] => {
  const file = generated<SearchParametersFile>('search-parameters');
  const targets = file.targets.map((list) => (list === '' ? [] : list.split(' ')));
  return file.parameters.map(([code, type, url, permitted, components, bases]) => ({
    url: `${PREFIX}${url}`,
    code,
    type,
    targets: targets[permitted] ?? [],
    components: components.map(([definition, expression]) => [`${PREFIX}${definition}`, expression]),
    bases,
  }));
};

/** A SearchParameter resource in the table's form. Throws where it lacks what searching needs. */
const custom = (resource: JsonObject): Parameter => {
  const type = text(resource['type']);
  if (!isType(type)) throw new Error(`SearchParameter ${text(resource['url'])}: type ${type} is none of FHIR's`);
  const expression = text(resource['expression']);
  return {
    url: text(resource['url']),
    code: text(resource['code']),
    type,
    targets: listOf(resource['target']).map(text),
    components: listOf(resource['component'])
      .filter(isObject)
      .map((component) => [text(component['definition']), text(component['expression'])]),
    bases: listOf(resource['base'])
      .map(text)
      .map((base) => [base, expressionFor(expression, base), text(resource['description'])]),
  };
};

/** Search parameters by resource type and code; `supertypes` says which abstract types' parameters a type inherits. */
export const searchParameterTable = (
  resourceTypes: readonly string[],
  supertypes: (type: string) => readonly string[],
  extra: readonly JsonObject[],
): ReadonlyMap<string, ReadonlyMap<string, SearchParameterDefinition>> => {
  // `_query` names a stored query, which is no search over an element.
  const all = [...builtIn().filter(({ code }) => code !== '_query'), ...extra.map(custom)];
  const byUrl = new Map(all.map((parameter) => [parameter.url, parameter]));
  const define = (parameter: Parameter, expression: string, description: string): SearchParameterDefinition => ({
    url: parameter.url,
    code: parameter.code,
    type: parameter.type,
    expression,
    targets: parameter.targets,
    components: parameter.components.map(([definition, part]) => {
      const component = byUrl.get(definition);
      if (component === undefined) throw new Error(`SearchParameter ${parameter.url}: no component ${definition}`);
      return { definition, code: component.code, type: component.type, expression: part };
    }),
    description,
  });
  const own = new Map<string, SearchParameterDefinition[]>();
  for (const parameter of all) {
    for (const [base, expression, description] of parameter.bases) {
      const list = own.get(base) ?? [];
      if (list.push(define(parameter, expression, description)) === 1) own.set(base, list);
    }
  }
  return new Map(
    resourceTypes.map((type) => [
      type,
      new Map([...supertypes(type), type].flatMap((base) => own.get(base) ?? []).map((it) => [it.code, it])),
    ]),
  );
};

/** Counts up when src/search writes other values for the same parameters. */
const WRITERS = 6;

/** Changes whenever the index values made by these parameters could. */
export const hashOf = (parameters: Iterable<SearchParameterDefinition>): string => {
  const facts = [...parameters].map(({ code, type, expression, components }) => [code, type, expression, components]);
  facts.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([WRITERS, facts]))
    .digest('hex')
    .slice(0, 16);
};
