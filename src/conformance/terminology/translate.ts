import type { JsonObject } from '../../fhir/resource.ts';
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
}
/** A translation; `equivalence` is read from source to target (valueset-concept-map-equivalence.html). */
export interface Match {
  readonly equivalence: string;
  readonly concept?: { readonly system: string; readonly code: string; readonly display?: string };
  /** Canonical of the map. */
  readonly source: string;
}

const NONE: ReadonlySet<string> = new Set(['unmatched', 'disjoint']);
/** True where the match says what the code is, not what it is not. */
export const translates = ({ equivalence, concept }: Match): boolean => !NONE.has(equivalence) && concept !== undefined;

/** What the maps make of a code (conceptmap-operation-translate.html). */
export const translate = (
  terminology: Terminology,
  maps: readonly JsonObject[],
  asked: TranslationAsked,
): readonly Match[] => maps.flatMap((map) => (fits(map, asked) ? ofMap(terminology, map, asked, 0) : []));

/** Value sets asked for are the map's. */
const fits = (map: JsonObject, { source, target, reverse }: TranslationAsked): boolean => {
  const [from, to] = [scopeOf(map, 'source'), scopeOf(map, 'target')];
  return same(source, reverse ? to : from) && same(target, reverse ? from : to);
};
const scopeOf = (map: JsonObject, end: 'source' | 'target'): string | undefined =>
  textAt(map, `${end}Uri`) ?? textAt(map, `${end}Canonical`);
const same = (asked: string | undefined, stated: string | undefined): boolean =>
  asked === undefined || (stated !== undefined && canonicalParts(asked).url === canonicalParts(stated).url);

const ofMap = (terminology: Terminology, map: JsonObject, asked: TranslationAsked, hops: number): readonly Match[] => {
  const source = textAt(map, 'url') ?? '';
  return objectsAt(map, 'group').flatMap((group) => {
    const [from, to] = [textAt(group, 'source'), textAt(group, 'target') ?? ''];
    if (asked.reverse) return from === undefined ? [] : reversed(group, asked, source, from, to);
    if (from !== asked.system || !same(asked.targetSystem, to)) return [];
    const elements = objectsAt(group, 'element').filter((element) => element['code'] === asked.code);
    if (elements.length === 0) return unmapped(terminology, group, asked, source, to, hops);
    return elements.flatMap((element) =>
      objectsAt(element, 'target').map((target) => match(textAt(target, 'equivalence'), to, target, source)),
    );
  });
};

const match = (equivalence = 'relatedto', system: string, target: JsonObject, source: string): Match => {
  const [code, display] = [textAt(target, 'code'), textAt(target, 'display')];
  return code === undefined
    ? { equivalence, source }
    : { equivalence, concept: { system, code, ...(display !== undefined && { display }) }, source };
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
const unmapped = (
  terminology: Terminology,
  group: JsonObject,
  asked: TranslationAsked,
  source: string,
  to: string,
  hops: number,
): readonly Match[] => {
  const [rule] = objectsAt(group, 'unmapped');
  switch (rule?.['mode']) {
    case 'provided':
      return [match('equal', to, { code: asked.code }, source)];
    case 'fixed':
      return [match('inexact', to, rule, source)];
    case 'other-map': {
      const other = terminology.conceptMap(textAt(rule, 'url') ?? '');
      return other === undefined || hops >= HOPS ? [] : ofMap(terminology, other, asked, hops + 1);
    }
    default:
      return [];
  }
};
