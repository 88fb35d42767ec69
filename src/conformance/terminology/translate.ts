import type { JsonObject } from '../../fhir/resource.ts';
import { type Dependency, type Product, productsOf, unmet } from './dependency.ts';
import { canonicalParts, objectsAt, textAt } from './read.ts';
import type { Terminology } from './terminology.ts';

export interface TranslationAsked {
  readonly system: string;
  readonly code: string;
  /** Value set of the source. */
  readonly source?: string | undefined;
  /** Value set of the target. */
  readonly target?: string | undefined;
  readonly targetSystem?: string | undefined;
  readonly reverse: boolean;
  /** What else is known of the source. */
  readonly dependencies: readonly Dependency[];
}
/** A translation; `equivalence` is read from source to target (valueset-concept-map-equivalence.html). */
export interface Match {
  readonly equivalence: string;
  readonly concept?: { readonly system: string; readonly code: string; readonly display?: string };
  /** What else the translation gives a value. */
  readonly products: readonly Product[];
  /** Canonical of the map. */
  readonly source: string;
}
export interface Translation {
  readonly matches: readonly Match[];
  /** Elements on which other translations depend, and which are not known or have another value. */
  readonly needed: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set(['unmatched', 'disjoint']);
/** True where the match says what the code is, not what it is not. */
export const translates = ({ equivalence, concept }: Match): boolean => !NONE.has(equivalence) && concept !== undefined;

/** What the maps make of a code (conceptmap-operation-translate.html). */
export const translate = (
  terminology: Terminology,
  maps: readonly JsonObject[],
  asked: TranslationAsked,
): Translation => {
  const needed = new Set<string>();
  const run: Run = { terminology, asked, needed };
  return { matches: maps.flatMap((map) => (fits(map, asked) ? ofMap(run, map, 0) : [])), needed };
};

interface Run {
  readonly terminology: Terminology;
  readonly asked: TranslationAsked;
  readonly needed: Set<string>;
}

/** Value sets asked for are the map's. */
const fits = (map: JsonObject, { source, target, reverse }: TranslationAsked): boolean => {
  const [from, to] = [scopeOf(map, 'source'), scopeOf(map, 'target')];
  return same(source, reverse ? to : from) && same(target, reverse ? from : to);
};
const scopeOf = (map: JsonObject, end: 'source' | 'target'): string | undefined =>
  textAt(map, `${end}Uri`) ?? textAt(map, `${end}Canonical`);
const same = (asked: string | undefined, stated: string | undefined): boolean =>
  asked === undefined || (stated !== undefined && canonicalParts(asked).url === canonicalParts(stated).url);

const ofMap = (run: Run, map: JsonObject, hops: number): readonly Match[] => {
  const { asked, needed } = run;
  const source = textAt(map, 'url') ?? '';
  return objectsAt(map, 'group').flatMap((group) => {
    const [from, to] = [textAt(group, 'source'), textAt(group, 'target') ?? ''];
    if (asked.reverse) return from === undefined ? [] : reversed(group, asked, source, from, to);
    if (from !== asked.system || !same(asked.targetSystem, to)) return [];
    const elements = objectsAt(group, 'element').filter((element) => element['code'] === asked.code);
    if (elements.length === 0) return unmapped(run, group, source, to, hops);
    return elements
      .flatMap((element) => objectsAt(element, 'target'))
      .filter((target) => {
        const lacking = unmet(target, asked.dependencies);
        for (const element of lacking) needed.add(element);
        return lacking.length === 0;
      })
      .map((target) => match(textAt(target, 'equivalence'), to, target, source));
  });
};

const match = (equivalence = 'relatedto', system: string, target: JsonObject, source: string): Match => {
  const [code, display] = [textAt(target, 'code'), textAt(target, 'display')];
  const products = productsOf(target);
  return code === undefined
    ? { equivalence, products, source }
    : { equivalence, concept: { system, code, ...(display !== undefined && { display }) }, products, source };
};

/** Seen from the other side, wider is narrower. */
const INVERSE: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

const reversed = (
  group: JsonObject,
  asked: TranslationAsked,
  source: string,
  from: string,
  to: string,
): readonly Match[] => {
  if (to !== asked.system || !same(asked.targetSystem, from)) return [];
  return objectsAt(group, 'element').flatMap((element) =>
    objectsAt(element, 'target')
      .filter((target) => target['code'] === asked.code)
      .map((target) => {
        const equivalence = textAt(target, 'equivalence') ?? 'relatedto';
        return match(INVERSE[equivalence] ?? equivalence, from, element, source);
      }),
  );
};

const HOPS = 5;

/** ConceptMap.group.unmapped: the code itself, a fixed one, or another map's answer. */
const unmapped = (run: Run, group: JsonObject, source: string, to: string, hops: number): readonly Match[] => {
  const [rule] = objectsAt(group, 'unmapped');
  switch (rule?.['mode']) {
    case 'provided':
      return [match('equal', to, { code: run.asked.code }, source)];
    case 'fixed':
      return [match('inexact', to, rule, source)];
    case 'other-map': {
      const other = run.terminology.conceptMap(textAt(rule, 'url') ?? '');
      return other === undefined || hops >= HOPS ? [] : ofMap(run, other, hops + 1);
    }
    default:
      return [];
  }
};
