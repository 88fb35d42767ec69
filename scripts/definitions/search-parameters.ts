import type { SearchParameter } from 'fhir/r4.js';
import { expressionFor } from '../../src/conformance/base-expression.ts';
import { Interned, published } from './published.ts';

const PREFIX = 'http://hl7.org/fhir/SearchParameter/';

/** Parameters shared by many types describe each type in a list item of its own. */
const descriptionFor = (parameter: SearchParameter, base: string): string => {
  const item = parameter.description
    .split(/\r?\n/)
    .find((line) => line.startsWith(`* [${base}](`))
    ?.replace(/^\* \[\w+\]\([^)]*\): /, '');
  return (item ?? parameter.description).replace(/\s+/g, ' ').trim();
};

/** Content of search-parameters.json: `[code, type, url tail, targets, components, [[base, expression, description]…]]`. */
export const searchParameterTable = (): unknown => {
  const targets = new Interned();
  const parameters = published('search-parameters', 'SearchParameter').map((parameter) => [
    parameter.code,
    parameter.type,
    parameter.url.replace(PREFIX, ''),
    targets.index((parameter.target ?? []).join(' ')),
    (parameter.component ?? []).map(({ definition, expression }) => [definition.replace(PREFIX, ''), expression]),
    parameter.base.map((base) => [
      base,
      expressionFor(parameter.expression ?? '', base),
      descriptionFor(parameter, base),
    ]),
  ]);
  return { parameters, targets: targets.values };
};

/** Content of compartments.json: compartment → resource type → codes of the parameters that link it. */
export const compartmentTable = (): unknown =>
  Object.fromEntries(
    published('profiles-resources', 'CompartmentDefinition').map(({ code, resource }) => [
      code,
      Object.fromEntries((resource ?? []).flatMap(({ code: type, param }) => (param ? [[type, param]] : []))),
    ]),
  );
