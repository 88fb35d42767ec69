import type { CodeSystem, CodeSystemConcept, StructureDefinition, ValueSet, ValueSetComposeInclude } from 'fhir/r4.js';
import { published, unversioned } from './published.ts';
import { baseDefinitions } from './types.ts';

const FILES = ['valuesets', 'v3-codesystems', 'v2-tables'];

/** Larger sets are left out unless a required binding needs them. */
const LARGEST_EXTENSIBLE = 500;

interface Expansion {
  complete: boolean;
  /** system → codes, or the string `*` where the whole system belongs to the set. */
  readonly codes: Map<string, Set<string>>;
}

/** Canonicals of value sets bound anywhere, with the strongest strength seen. */
const bindings = (): ReadonlyMap<string, 'required' | 'extensible'> => {
  const found = new Map<string, 'required' | 'extensible'>();
  const read = (definitions: readonly StructureDefinition[]): void => {
    for (const { binding } of definitions.flatMap(({ snapshot }) => snapshot?.element ?? [])) {
      if (binding?.valueSet === undefined) continue;
      const url = unversioned(binding.valueSet);
      if (binding.strength === 'required') found.set(url, 'required');
      else if (binding.strength === 'extensible' && !found.has(url)) found.set(url, 'extensible');
    }
  };
  read(baseDefinitions());
  read(published('profiles-others', 'StructureDefinition'));
  read(published('extension-definitions', 'StructureDefinition'));
  return found;
};

const flat = (concepts: readonly CodeSystemConcept[] | undefined): readonly CodeSystemConcept[] =>
  (concepts ?? []).flatMap((concept) => [concept, ...flat(concept.concept)]);

const parents = (concept: CodeSystemConcept): readonly string[] =>
  (concept.property ?? []).flatMap(({ code, valueCode }) =>
    (code === 'subsumedBy' || code === 'parent') && valueCode !== undefined ? [valueCode] : [],
  );

/** Codes under `root`, by nesting and by parent properties; `root` itself included. */
const descendants = (system: CodeSystem, root: string): ReadonlySet<string> => {
  const all = flat(system.concept);
  const found = new Set([root, ...flat(all.find(({ code }) => code === root)?.concept).map(({ code }) => code)]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const concept of all) {
      if (!parents(concept).some((parent) => found.has(parent))) continue;
      found.add(concept.code);
      for (const { code } of flat(concept.concept)) found.add(code);
    }
  }
  return found;
};

/** Content of value-sets.json: `{systems: {url: [codes]}, valueSets: {url: [complete, {system: [codes] | "*"}]}}`. */
export const valueSetTable = (): unknown => {
  const sets = new Map(FILES.flatMap((file) => published(file, 'ValueSet')).map((set) => [set.url ?? '', set]));
  const systems = new Map(FILES.flatMap((file) => published(file, 'CodeSystem')).map((it) => [it.url ?? '', it]));

  const filtered = (system: CodeSystem, include: ValueSetComposeInclude): ReadonlySet<string> | undefined => {
    let codes = new Set(flat(system.concept).map(({ code }) => code));
    for (const { op, property, value } of include.filter ?? []) {
      const hierarchy = op === 'is-a' || op === 'descendent-of' || op === 'is-not-a';
      if (!hierarchy || (property !== 'concept' && property !== 'code')) return undefined;
      const under = descendants(system, value);
      const wanted = (code: string): boolean =>
        op === 'is-not-a' ? !under.has(code) : under.has(code) && (op === 'is-a' || code !== value);
      codes = new Set([...codes].filter(wanted));
    }
    return codes;
  };

  const systemCodes = (include: ValueSetComposeInclude): ReadonlySet<string> | undefined => {
    if (include.concept) return new Set(include.concept.map(({ code }) => code));
    const system = systems.get(include.system ?? '');
    return system?.content === 'complete' ? filtered(system, include) : undefined;
  };

  const expandInclude = (include: ValueSetComposeInclude): Expansion => {
    const parts = (include.valueSet ?? []).map((url) => expand(unversioned(url)));
    if (include.system !== undefined) {
      const codes = systemCodes(include);
      parts.push({ complete: codes !== undefined, codes: new Map([[include.system, new Set(codes ?? [])]]) });
    }
    const [first, ...others] = parts;
    if (first === undefined) return { complete: false, codes: new Map() };
    return others.reduce<Expansion>(
      (left, right) => ({
        complete: left.complete && right.complete,
        codes: new Map(
          [...left.codes].map(([system, codes]) => [
            system,
            new Set([...codes].filter((code) => right.codes.get(system)?.has(code))),
          ]),
        ),
      }),
      first,
    );
  };

  const expand = (url: string): Expansion => {
    const set: ValueSet | undefined = sets.get(url);
    if (set?.compose === undefined) return { complete: false, codes: new Map() };
    const result: Expansion = { complete: true, codes: new Map() };
    for (const { complete, codes } of set.compose.include.map(expandInclude)) {
      result.complete &&= complete;
      for (const [system, more] of codes) {
        result.codes.set(system, new Set([...(result.codes.get(system) ?? []), ...more]));
      }
    }
    for (const { complete, codes } of (set.compose.exclude ?? []).map(expandInclude)) {
      result.complete &&= complete;
      for (const [system, fewer] of codes) for (const code of fewer) result.codes.get(system)?.delete(code);
    }
    return result;
  };

  const whole = new Map<string, readonly string[]>();
  const valueSets: Record<string, unknown> = {};
  for (const [url, strength] of [...bindings()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { complete, codes } = expand(url);
    const size = [...codes.values()].reduce((sum, more) => sum + more.size, 0);
    if (size === 0 || (strength === 'extensible' && size > LARGEST_EXTENSIBLE)) continue;
    const written = [...codes].map(([url, members]) => {
      const system = systems.get(url);
      const all = system?.content === 'complete' ? flat(system.concept).map(({ code }) => code) : [];
      if (all.length === 0 || all.length !== members.size) return [url, [...members]];
      whole.set(url, all);
      return [url, '*'];
    });
    valueSets[url] = [complete ? 1 : 0, Object.fromEntries(written)];
  }
  return { systems: Object.fromEntries(whole), valueSets };
};
