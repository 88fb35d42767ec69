import { Problem } from '../problem.ts';
import { asNode, type Scope } from './environment.ts';
import { collectionExpression, constantExpression, type Expression } from './expression.ts';
import { FhirPathNode, stringNode } from './node.ts';

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['ucum', 'http://unitsofmeasure.org'],
  ['sct', 'http://snomed.info/sct'],
  ['loinc', 'http://loinc.org'],
]);

const NODES: ReadonlyMap<string, (scope: Scope) => FhirPathNode> = new Map([
  ['context', (scope: Scope) => scope.context],
  ['resource', (scope: Scope) => scope.resource],
  ['rootResource', (scope: Scope) => scope.rootResource],
]);

/** `%name` (FHIRPath N1 §7, fhirpath.html#variables). What only an environment can know is looked up when it is asked. */
export const constant = (name: string): Expression => {
  const text =
    TEXTS.get(name) ??
    (name.startsWith('vs-') ? `http://hl7.org/fhir/ValueSet/${name.slice(3)}` : undefined) ??
    (name.startsWith('ext-') ? `http://hl7.org/fhir/StructureDefinition/${name.slice(4)}` : undefined);
  if (text !== undefined) return constantExpression([stringNode(text)]);
  const node = NODES.get(name);
  if (node) return collectionExpression((_self, scope) => [node(scope)]);
  return collectionExpression((_self, scope) => {
    const variables = scope.environment.variables;
    const value = variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new Problem('invalid', `FHIRPath: the constant %${name} is not known`);
    if (value === null) return [];
    if (value instanceof FhirPathNode) return [value];
    return Array.isArray(value) ? value.map(asNode) : [asNode(value as Exclude<typeof value, readonly unknown[]>)];
  });
};
