import { Problem } from '../../fhir/problem.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { objectsAt, textAt } from './read.ts';

export type Wanted = (concept: Concept) => boolean;

/** A filter of a value set (valueset-filter-operator.html) as a test of one concept. @throws Problem `not-supported`, `invalid` */
export const conceptFilter = (system: CodeSystem, filter: JsonObject, expression: string): Wanted => {
  const property = textAt(filter, 'property') ?? '';
  const op = textAt(filter, 'op') ?? '';
  const value = textAt(filter, 'value') ?? '';
  if (!isKnown(system, property))
    throw new Problem('invalid', `'${property}' is no property of the code system '${system.url}'`, {
      expression: [`${expression}.property`],
    });
  switch (op) {
    case 'is-a':
    case 'descendent-of':
    case 'is-not-a':
    case 'generalizes':
      return hierarchical(system, op, value);
    case '=':
      return (concept) => valuesOf(concept, property).includes(value);
    case 'in':
    case 'not-in': {
      const listed = new Set(value.split(',').map((item) => item.trim()));
      return (concept) => valuesOf(concept, property).some((item) => listed.has(item)) === (op === 'in');
    }
    case 'exists':
      return (concept) => valuesOf(concept, property).length > 0 === (value === 'true');
    case 'regex': {
      const pattern = wholePattern(value, expression);
      return (concept) => valuesOf(concept, property).some((item) => item.length <= LONGEST && pattern.test(item));
    }
    default:
      throw new Problem('not-supported', `'${op}' is no filter operator of R4`, { expression: [`${expression}.op`] });
  }
};

const OF_ALL = new Set(['concept', 'code', 'display', 'definition', 'parent', 'child', 'inactive']);

/** A property of every code system, one that this one declares as property or filter, or one that its concepts have. */
const isKnown = (system: CodeSystem, property: string): boolean =>
  OF_ALL.has(property) ||
  [...objectsAt(system.resource, 'property'), ...objectsAt(system.resource, 'filter')].some(
    (it) => it['code'] === property,
  ) ||
  [...system.concepts].some(({ properties }) => properties.some((it) => it['code'] === property));

const hierarchical = (system: CodeSystem, op: string, code: string): Wanted => {
  const root = system.concept(code)?.code ?? code;
  if (op === 'generalizes') {
    const above = system.ancestors(root);
    return (concept) => concept.code === root || above.has(concept.code);
  }
  const below = system.descendants(root);
  if (op === 'descendent-of') return (concept) => below.has(concept.code);
  return (concept) => (concept.code === root || below.has(concept.code)) === (op === 'is-a');
};

/** What a property holds of a concept, as text: its own members, its place in the hierarchy, or what the system defines. */
const valuesOf = (concept: Concept, property: string): readonly string[] => {
  switch (property) {
    case 'code':
    case 'concept':
      return [concept.code];
    case 'display':
      return concept.display === undefined ? [] : [concept.display];
    case 'definition':
      return concept.definition === undefined ? [] : [concept.definition];
    case 'parent':
      return concept.parents;
    case 'child':
      return concept.children;
    case 'inactive':
      return [String(concept.inactive)];
    default:
      return concept.properties
        .filter((it) => it['code'] === property)
        .map((it) =>
          String(
            it['valueCode'] ??
              it['valueString'] ??
              it['valueBoolean'] ??
              it['valueInteger'] ??
              it['valueDecimal'] ??
              it['valueDateTime'] ??
              '',
          ),
        );
  }
};

const LONGEST = 200;
/** Repeats that can feed one another take exponential time; a value set of a client must not. */
const UNBOUNDED = /[*+]|\{\d+,\d*\}/g;
const RISKY = /\)[*+?{]|\\[1-9k]|\(\?/;

const wholePattern = (source: string, expression: string): RegExp => {
  const at = { expression: [`${expression}.value`] };
  const literal = source.replace(/\\[^1-9k]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (
    source.length > LONGEST ||
    RISKY.test(literal) ||
    (literal.match(UNBOUNDED)?.length ?? 0) > 2 ||
    literal.split('?').length > 7
  )
    throw new Problem(
      'not-supported',
      `The pattern '${source.slice(0, LONGEST)}' could take too long; only plain ones are served: no repeated groups, two open repeats at most`,
      at,
    );
  try {
    return new RegExp(`^(?:${source})$`);
  } catch (cause) {
    throw new Problem('invalid', `'${source}' is no regular expression`, { ...at, cause });
  }
};
