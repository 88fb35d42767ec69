import { expressionFor } from '../conformance/base-expression.ts';
import type {
  AddedSearchParameter,
  Registry,
  SearchParameterDefinition,
  SearchParameterType,
} from '../conformance/registry.ts';
import { compile } from '../fhir/fhirpath/compile.ts';
import { type Issue, Problem } from '../fhir/problem.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';

/** What a SearchParameter resource (searchparameter.html) adds to searching, and why it does not where it does not. */
export interface CustomParameter {
  readonly added: readonly AddedSearchParameter[];
  /** The resource cannot be searched by: `expression` names the element to blame. */
  readonly issues: readonly Issue[];
}

const TYPES: readonly SearchParameterType[] = [
  'number',
  'date',
  'string',
  'token',
  'reference',
  'composite',
  'quantity',
  'uri',
];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads an active SearchParameter for every type it is based on, those derived from an abstract base included. */
export const customParameter = (registry: Registry, resource: Resource): CustomParameter => {
  const issues: Issue[] = [];
  const code = text(resource['code']);
  const type = TYPES.find((it) => it === resource['type']);
  const expression = text(resource['expression']);
  if (type === undefined)
    issues.push(unsearchable('type', `a parameter of type '${text(resource['type'])}' is made by the server alone`));
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(code))
    issues.push(
      unsearchable('code', `'${code}' cannot be written as the name of a parameter: use letters, digits and '-'`),
    );
  if (expression === '') issues.push(unsearchable('expression', 'without an expression nothing can be found'));
  else issues.push(...malformed(expression));
  const components = type === 'composite' ? componentsOf(registry, resource, issues) : [];
  if (issues.length > 0 || type === undefined) return { added: [], issues };
  const added: AddedSearchParameter[] = [];
  for (const stated of listOf(resource['base']).map(text)) {
    for (const base of basedOn(registry, stated)) {
      const definition: SearchParameterDefinition = {
        url: text(resource['url']),
        code,
        type,
        expression: expressionFor(expression, stated),
        targets: listOf(resource['target']).map(text),
        components,
        description: text(resource['description']),
      };
      if (definition.expression !== '') added.push({ base, definition });
    }
  }
  return { added, issues };
};

/** Why an active SearchParameter is not searched by, and the element to blame. */
export const unsearchable = (element: string, diagnostics: string): Issue => ({
  severity: 'error',
  code: 'business-rule',
  diagnostics: `An active SearchParameter must be searchable: ${diagnostics}`,
  expression: [`SearchParameter.${element}`],
});

/** Their time has no bound, and the expression would run with every write of its types. */
const UNBOUNDED = /\b(?:matches|matchesFull|replaceMatches|repeat|descendants|aggregate)\s*\(/;

const malformed = (expression: string): readonly Issue[] => {
  const unbounded = UNBOUNDED.exec(expression)?.[0];
  if (unbounded !== undefined)
    return [unsearchable('expression', `${unbounded}) may take too long to run with every write`)];
  try {
    compile(expression);
    return [];
  } catch (error) {
    if (error instanceof Problem) return [unsearchable('expression', error.message)];
    throw error;
  }
};

const basedOn = (registry: Registry, base: string): readonly string[] => {
  const derives = (type: string): boolean => {
    if (type === base) return true;
    const above = registry.type(type)?.base;
    return above !== undefined && derives(above);
  };
  return registry.resourceTypes.filter(derives);
};

const componentsOf = (
  registry: Registry,
  resource: JsonObject,
  issues: Issue[],
): SearchParameterDefinition['components'] => {
  const stated = listOf(resource['component']).filter(isObject);
  if (stated.length < 2) issues.push(unsearchable('component', 'a composite has two components at least'));
  return stated.flatMap((component, n) => {
    const definition = text(component['definition']);
    const known = byUrl(registry, definition);
    if (known) return [{ definition, code: known.code, type: known.type, expression: text(component['expression']) }];
    issues.push(unsearchable(`component[${n}].definition`, `no parameter '${definition}' is known here`));
    return [];
  });
};

const byUrl = (registry: Registry, url: string): SearchParameterDefinition | undefined => {
  for (const type of registry.resourceTypes)
    for (const definition of registry.searchParameters(type).values()) if (definition.url === url) return definition;
  return undefined;
};
