import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import { typeModel } from '../conformance/type-model.ts';
import { compile } from '../fhir/fhirpath/compile.ts';
import type { FhirPathNode } from '../fhir/fhirpath/node.ts';
import { withinTime } from '../fhir/fhirpath/time-limit.ts';
import { Problem } from '../fhir/problem.ts';
import type { JsonObject } from '../fhir/resource.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';

/** FHIRPath's own types as FHIR's. */
const OWN: Readonly<Record<string, string>> = {
  'System.String': 'string',
  'System.Boolean': 'boolean',
  'System.Integer': 'integer',
  'System.Decimal': 'decimal',
  'System.Date': 'date',
  'System.DateTime': 'dateTime',
  'System.Quantity': 'Quantity',
};

/** What can multiply: an expression of a client's that holds it runs under watch. R4's own hold none of it. */
const MULTIPLYING = /select|combine|union|split|toChars|join|replace|&|%/;
const EVALUATION_MS = 100;

/**
 * Writes a parameter whose expression is more than paths: the FHIRPath engine runs it. A resource that the expression
 * does not fit has no value of the parameter. @throws Problem `invalid` where the expression is no FHIRPath.
 */
export const expressionWriter = (
  registry: Registry,
  definition: SearchParameterDefinition,
  emitFor: (element: string) => Emit | undefined,
): ((resource: JsonObject, out: IndexValue[]) => void) => {
  const path = compile(definition.expression);
  const model = typeModel(registry);
  const evaluate = (resource: JsonObject): readonly FhirPathNode[] => path.evaluate(resource, { model });
  const isWatched = MULTIPLYING.test(definition.expression);
  const select = (resource: JsonObject): readonly FhirPathNode[] => {
    try {
      return isWatched ? withinTime(EVALUATION_MS, definition.code, () => evaluate(resource)) : evaluate(resource);
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  };
  return (resource, out) => {
    for (const { type, value } of select(resource)) {
      if (type === undefined || value === undefined) continue;
      emitFor(OWN[type] ?? type)?.(value, definition.code, out);
    }
  };
};
