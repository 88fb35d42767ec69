import type { SearchParameterDefinition } from '../conformance/registry.ts';
import { Problem } from '../fhir/problem.ts';
import { type Asked, refuse, unsupported } from './asked.ts';
import { isCanonicalParameter } from './canonical-parameter.ts';
import { componentParam } from './composite.ts';
import { datePredicate } from './date.ts';
import { splitUnescaped } from './escape.ts';
import { type Implied, impliedSystems } from './implied-systems.ts';
import { knownModifier, MISSING, type Modifier, modifierOf } from './modifiers.ts';
import { NEAR, nearPredicate } from './near.ts';
import { numberPredicate } from './number.ts';
import { quantityPredicate } from './quantity.ts';
import { and, or, type Predicate, type ValueKind } from './query.ts';
import { belowCanonical, referencePredicate } from './reference.ts';
import { inReferenceHierarchy } from './reference-hierarchy.ts';
import { MAX_ALTERNATIVES, type SearchScope, spend, targetTypes } from './search-scope.ts';
import { stringPredicate } from './string.ts';
import { belowMimeType, textPredicate, tokenPredicate } from './token.ts';
import { tokenElements } from './token-elements.ts';
import { canonicalUrlPredicate, uriPredicate } from './uri.ts';
import { inHierarchy } from './hierarchy-modifier.ts';
import { inValueSet } from './value-set-modifier.ts';

/** Modifiers that turn the whole list of values around: none of them must match (search.html#modifiers). */
const NEGATIONS = new Map<string | undefined, Modifier<'token'> | undefined>([
  ['not', undefined],
  ['not-in', 'in'],
]);

/** The values between commas; any of them may match. @throws Problem `too-costly` beyond the limit. */
export const alternatives = (scope: SearchScope, text: string): readonly string[] => {
  const values = splitUnescaped(text, ',');
  if (values.length > MAX_ALTERNATIVES) {
    throw new Problem(
      'too-costly',
      `search parameter '${scope.name}' has ${values.length} values; at most ${MAX_ALTERNATIVES} are answered`,
      {
        expression: [scope.name],
      },
    );
  }
  spend(scope, values.length);
  if (values.includes(''))
    return refuse(scope.name, text === '' ? 'it has no value' : `'${text.slice(0, 100)}' holds an empty value`);
  return [...new Set(values)];
};

/** What one parameter with its modifier asks of the scope's types. */
export const valuePredicate = (
  scope: SearchScope,
  definitions: readonly SearchParameterDefinition[],
  modifier: string | undefined,
  text: string,
): Predicate => {
  const [definition] = definitions;
  if (definition === undefined) return { kind: 'none' };
  if (definition.expression === '' || (definition.type === 'special' && definition.code !== NEAR))
    return unsupported(scope.name, 'it is not supported by this server');
  if (modifier === MISSING) return missing(scope, definition, text);
  const negated = definition.type === 'token' && NEGATIONS.has(modifier);
  const applied = negated ? NEGATIONS.get(modifier) : modifier;
  const ask = predicateMaker(scope, definitions, definition);
  const any = or(
    ...alternatives(scope, text).map((value) =>
      ask({ param: definition.code, name: scope.name, modifier: applied, value }),
    ),
  );
  return negated ? { kind: 'not', of: any } : any;
};

/** `:missing`. */
export const missing = (scope: SearchScope, definition: SearchParameterDefinition, text: string): Predicate => {
  if (text !== 'true' && text !== 'false') return refuse(scope.name, `:missing takes true or false, not '${text}'`);
  const [first] = definition.components;
  const inParts = first !== undefined || definition.code === NEAR;
  const param = inParts ? componentParam(definition.code, 0) : definition.code;
  const of: ValueKind = definition.code === NEAR ? 'number' : valueKind(first?.type ?? definition.type, scope);
  return { kind: 'missing', param, of, missing: text === 'true' };
};

const valueKind = (type: SearchParameterDefinition['type'], scope: SearchScope): ValueKind =>
  type === 'composite' || type === 'special' ? unsupported(scope.name, 'it is not supported by this server') : type;

type Ask = (asked: Asked) => Predicate;

/** How one value, without commas, is read for the parameter. */
export const predicateMaker = (
  scope: SearchScope,
  definitions: readonly SearchParameterDefinition[],
  definition: SearchParameterDefinition,
): Ask => {
  switch (definition.type) {
    case 'string':
      return stringPredicate;
    case 'uri':
      return isCanonicalUrl(scope, definition) ? canonicalUrlPredicate : uriPredicate;
    case 'number':
      return numberPredicate;
    case 'quantity':
      return quantityPredicate;
    case 'date':
      return (asked) => datePredicate(asked, scope.now);
    case 'token':
      return tokenMaker(scope, definitions);
    case 'reference': {
      const targets = definitions.some((it) => it.targets.length === 0) ? [] : targetTypes(scope.registry, definitions);
      const canonical = definitions.some((it, at) => isCanonicalParameter(scope.registry, scope.types[at] ?? '', it));
      const rules = { base: scope.base, targets, isResourceType: scope.registry.isResourceType, canonical };
      return (asked) => {
        const modifier = knownModifier('reference', asked.modifier);
        switch (modifier) {
          case 'above':
            return inReferenceHierarchy(scope, definitions, asked);
          case 'below':
            return canonical ? belowCanonical(asked, rules) : inReferenceHierarchy(scope, definitions, asked);
          case 'identifier':
          case undefined:
            return referencePredicate(asked, rules);
          default:
            return modifier satisfies never;
        }
      };
    }
    case 'composite':
      return (asked) => compositePredicate(scope, definition, asked);
    case 'special':
      return definition.code === NEAR ? nearPredicate : unsupported(scope.name, 'it is not supported by this server');
    default:
      return definition.type satisfies never;
  }
};

/** The url that a conformance or knowledge resource is known by; its version stands beside it. */
const isCanonicalUrl = ({ registry, types }: SearchScope, { code }: SearchParameterDefinition): boolean =>
  code === 'url' && types.every((type) => registry.searchParameters(type).get('version')?.type === 'token');

const tokenMaker = (scope: SearchScope, definitions: readonly SearchParameterDefinition[]): Ask => {
  const all = definitions.map((it, at) => impliedSystems(scope.registry, scope.types[at] ?? '', it));
  const known = all.filter((it) => it !== undefined);
  const implied: Implied | undefined =
    known.length < all.length ? undefined : { holds: (system, code) => known.some((it) => it.holds(system, code)) };
  const kinds = new Set(definitions.map((it, at) => tokenElements(scope.registry, scope.types[at] ?? '', it)));
  const only = kinds.size === 1 ? [...kinds][0] : 'others';
  return (asked) => {
    const modifier = modifierOf('token', asked);
    switch (modifier) {
      case 'in':
        return inValueSet(scope, asked, implied);
      case 'above':
      case 'below':
        return only === 'mime-types' && modifier === 'below'
          ? belowMimeType(asked)
          : inHierarchy(scope, asked, implied);
      case undefined:
        return only === 'strings' ? textPredicate(asked) : tokenPredicate(asked, implied);
      case 'text':
      case 'of-type':
        return tokenPredicate(asked, implied);
      case 'not':
      case 'not-in':
        throw new Problem('unexpected', `:${modifier} is of the whole list of values, not of one`);
      default:
        return modifier satisfies never;
    }
  };
};

/** `value$value`: one for each component, which must hold of the same element. */
const compositePredicate = (scope: SearchScope, definition: SearchParameterDefinition, asked: Asked): Predicate => {
  modifierOf('composite', asked);
  const values = splitUnescaped(asked.value, '$');
  const codes = definition.components.map(({ code }) => code);
  if (values.length !== codes.length || values.includes(''))
    return refuse(asked.name, `'${asked.value}' is malformed: use ${codes.join('$')}`);
  const components = definition.components.map((component, n) => {
    const known = scope.types.flatMap((type) => scope.registry.searchParameters(type).get(component.code) ?? []);
    const part: SearchParameterDefinition = {
      ...definition,
      ...component,
      url: component.definition,
      components: [],
      targets: known[0]?.targets ?? [],
    };
    const ask = predicateMaker(
      { ...scope, types: scope.types.slice(0, 1) },
      known.slice(0, 1).length > 0 ? known.slice(0, 1) : [part],
      part,
    );
    return ask({
      param: componentParam(definition.code, n),
      name: asked.name,
      modifier: undefined,
      value: values[n] ?? '',
    });
  });
  return and(...components).kind === 'none'
    ? { kind: 'none' }
    : { kind: 'composite', param: definition.code, components };
};
