import { describe, expect, test } from '@jest/globals';
import { readProfiles } from '../../src/conformance/profiles-folder.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { CodeSystem } from '../../src/conformance/terminology/code-system.ts';
import { expand } from '../../src/conformance/terminology/expand.ts';
import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import { subsumption } from '../../src/conformance/terminology/subsumes.ts';
import { translate } from '../../src/conformance/terminology/translate.ts';
import { validateInSystem, validateInValueSet } from '../../src/conformance/terminology/validate-code.ts';
import { parseSearch } from '../../src/search/parse.ts';

const registry = loadRegistry(readProfiles('profiles'));
const { terminology } = registry;
const animals = {
  resourceType: 'CodeSystem',
  url: 'http://example.org/animals',
  status: 'active',
  content: 'complete',
  caseSensitive: false,
  concept: [
    {
      code: 'animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'Dog',
          display: 'Dog',
          concept: [{ code: 'poodle' }, { code: 'dodo-dog', property: [{ code: 'status', valueCode: 'retired' }] }],
        },
        {
          code: 'cat',
          display: 'Cat',
          designation: [{ language: 'de', value: 'Katze' }],
          property: [{ code: 'legs', valueInteger: 4 }],
        },
      ],
    },
    { code: 'pet', property: [{ code: 'child', valueCode: 'cat' }] },
  ],
} as const;
const own = terminology.with(animals, 'CodeSystem');
const codes = (include: object, more: object = {}) =>
  expand(own, {
    resourceType: 'ValueSet',
    compose: { include: [{ system: animals.url, ...include }], ...more },
  }).members.map(({ code }) => code);
const filter = (property: string, op: string, value: string) => codes({ filter: [{ property, op, value }] });

describe('an expansion', () => {
  test('lists a whole system, the codes named, or what its filters let through', () => {
    expect(codes({})).toEqual(['animal', 'Dog', 'poodle', 'dodo-dog', 'cat', 'pet']);
    expect(codes({ concept: [{ code: 'cat' }, { code: 'unicorn' }] })).toEqual(['cat']);
    expect(filter('concept', 'is-a', 'Dog')).toEqual(['Dog', 'poodle', 'dodo-dog']);
    expect(filter('concept', 'descendent-of', 'Dog')).toEqual(['poodle', 'dodo-dog']);
    expect(filter('concept', 'is-not-a', 'animal')).toEqual(['pet']);
    expect(filter('concept', 'generalizes', 'cat')).toEqual(['animal', 'cat', 'pet']);
    expect(filter('legs', '=', '4')).toEqual(['cat']);
    expect(filter('legs', 'exists', 'false')).not.toContain('cat');
    expect(filter('code', 'in', 'cat,pet')).toEqual(['cat', 'pet']);
    expect(filter('code', 'regex', '.o.*')).toEqual(['Dog', 'poodle', 'dodo-dog']);
    expect(filter('parent', '=', 'pet')).toEqual(['cat']);
  });

  test('takes away what is excluded and what is inactive where it says so', () => {
    expect(
      codes({}, { exclude: [{ system: animals.url, filter: [{ property: 'concept', op: 'is-a', value: 'Dog' }] }] }),
    ).toEqual(['animal', 'cat', 'pet']);
    expect(codes({}, { inactive: false })).not.toContain('dodo-dog');
  });

  test('of two value sets in one include is what both have', () => {
    const with2 = own
      .with(
        {
          resourceType: 'ValueSet',
          url: 'http://x/a',
          compose: { include: [{ system: animals.url, concept: [{ code: 'cat' }, { code: 'Dog' }] }] },
        },
        'ValueSet',
      )
      .with(
        {
          resourceType: 'ValueSet',
          url: 'http://x/b',
          compose: { include: [{ system: animals.url, concept: [{ code: 'cat' }, { code: 'pet' }] }] },
        },
        'ValueSet',
      );
    const both = expand(with2, { compose: { include: [{ valueSet: ['http://x/a', 'http://x/b'] }] } });
    expect(both.members.map(({ code }) => code)).toEqual(['cat']);
  });

  test('of a value set that includes itself ends', () => {
    const set = {
      resourceType: 'ValueSet',
      url: 'http://x/loop',
      compose: { include: [{ valueSet: ['http://x/loop'] }] },
    };
    expect(() => expand(terminology.with(set, 'ValueSet'), set)).toThrow('includes itself');
  });

  test('with a pattern that could take forever is refused', () => {
    for (const value of ['(a+)+', '(?=a)b', '(.)\\1', 'a*b*c*d', 'a?a?a?a?a?a?a?a?a?', '('])
      expect(() => filter('code', 'regex', value)).toThrow();
  });

  test('of most published value sets is possible, and of the rest says what is lacking', () => {
    const outcomes = { whole: 0, lacking: 0 };
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const { binding, types } of registry.type(name)?.elements ?? []) {
        types.forEach(visit);
        const set = binding && terminology.valueSet(binding.valueSet);
        if (!set) continue;
        try {
          expand(terminology, set);
          outcomes.whole++;
        } catch (error) {
          expect(error).toBeInstanceOf(NotHeld);
          outcomes.lacking++;
        }
      }
    };
    registry.resourceTypes.forEach(visit);
    expect(outcomes.whole).toBeGreaterThan(outcomes.lacking * 3);
  });

  test('lists the same codes as the tables that validation reads', () => {
    const url = 'http://hl7.org/fhir/ValueSet/observation-status';
    const listed = [...(registry.valueSet(url)?.codes.get('http://hl7.org/fhir/observation-status') ?? [])];
    const members = expand(terminology, terminology.valueSet(url) ?? {}).members;
    expect(members.map(({ code }) => code).sort()).toEqual(listed.sort());
  });
});

describe('a code', () => {
  const asked = (code: string, display?: string) => ({ system: animals.url, code, display });
  test('is judged by its system: existence, display in any language, abstract and inactive', () => {
    expect(validateInSystem(own, asked('CAT', 'katze'), false)).toEqual({ result: true, display: 'Cat' });
    expect(validateInSystem(own, asked('cow'), false).message).toContain("'cow' is not known");
    expect(validateInSystem(own, asked('cat', 'Cow'), false)).toMatchObject({ result: false, display: 'Cat' });
    expect(validateInSystem(own, asked('animal'), false).result).toBe(false);
    expect(validateInSystem(own, asked('animal'), true).result).toBe(true);
    expect(validateInSystem(own, asked('dodo-dog'), false).message).toContain('no longer in use');
  });

  test('is in a value set though another system of the set is not known here', () => {
    const set = { compose: { include: [{ system: 'http://snomed.info/sct' }, { system: animals.url }] } };
    expect(validateInValueSet(own, set, asked('cat'), false).result).toBe(true);
    expect(() => validateInValueSet(own, set, { system: 'http://snomed.info/sct', code: '1' }, false)).toThrow(NotHeld);
  });

  test('subsumes what is below it', () => {
    const system = new CodeSystem(animals);
    expect(subsumption(system, 'animal', 'poodle')).toBe('subsumes');
    expect(subsumption(system, 'cat', 'pet')).toBe('subsumed-by');
    expect(subsumption(system, 'dog', 'Dog')).toBe('equivalent');
    expect(subsumption(system, 'cat', 'Dog')).toBe('not-subsumed');
    expect(() => subsumption(system, 'cat', 'cow')).toThrow("'cow'");
  });

  test('is translated forwards, backwards and where the map has no line for it', () => {
    const map = {
      url: 'http://x/map',
      group: [
        {
          source: 'a',
          target: 'b',
          element: [{ code: '1', target: [{ code: 'one', equivalence: 'wider' }] }],
          unmapped: { mode: 'fixed', code: 'other' },
        },
      ],
    };
    const found = (code: string, more: object = {}) =>
      translate(terminology, [map], { system: 'a', code, reverse: false, dependencies: [], ...more }).matches;
    expect(found('1')).toEqual([
      { equivalence: 'wider', concept: { system: 'b', code: 'one' }, products: [], source: 'http://x/map' },
    ]);
    expect(found('2')[0]?.concept?.code).toBe('other');
    expect(found('1', { targetSystem: 'c' })).toEqual([]);
    expect(found('one', { system: 'b', reverse: true })[0]).toMatchObject({
      equivalence: 'narrower',
      concept: { code: '1' },
    });
  });
});

describe('a token search', () => {
  const parsed = (query: string) =>
    JSON.stringify(
      parseSearch(registry, ['Encounter'], [query.split('=', 2) as [string, string]], {
        base: 'http://x',
        now: 0,
        handling: 'strict',
        maxCount: 10,
        defaultCount: 10,
      }).query.where,
    );
  const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  test('finds what is below and above a code of a hierarchy', () => {
    expect(parsed(`class:below=${ACT}|IMP`)).toContain('"ACUTE"');
    expect(parsed(`class:above=${ACT}|ACUTE`)).toContain('"IMP"');
    expect(parsed(`class:below=${ACT}|ACUTE`)).not.toContain('"IMP"');
  });
  test('says why it cannot', () => {
    expect(() => parsed('class:below=http://snomed.info/sct|1')).toThrow('hierarchy');
    expect(() => parsed(`class:below=${ACT}|NOPE`)).toThrow("'NOPE' is not a code");
    expect(() => parsed('class:below=IMP')).toThrow('system|code');
    expect(() => parsed('type:in=http://hl7.org/fhir/ValueSet/clinical-findings')).toThrow('snomed');
    expect(parsed('type:in=http://terminology.hl7.org/ValueSet/v2-0004')).toContain('v2-0004');
  });
});

test('our own code systems and the set of all codes of a system are known', () => {
  const url = 'https://novamind.health/fhir/CodeSystem/twin-figure';
  expect(terminology.codeSystem(url)?.size).toBeGreaterThan(5);
  expect(terminology.codeSystem(`${url}|9.9`)).toBeUndefined();
});
