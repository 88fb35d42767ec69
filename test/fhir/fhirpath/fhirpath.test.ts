import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/fhir/fhirpath/compile.ts';
import { parseJson } from '../../../src/fhir/json.ts';
import { Problem } from '../../../src/fhir/problem.ts';
import type { Json } from '../../../src/fhir/resource.ts';
import { r4Types } from './r4-model.ts';

const { model } = r4Types();
const patient: Json = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  name: [
    { use: 'official', family: 'Chalmers', given: ['Peter', 'James'] },
    { use: 'usual', given: ['Jim', null], _given: [null, { extension: [{ url: 'http://x/nick', valueString: 'J' }] }] },
  ],
  birthDate: '1974-12-25',
  _birthDate: { extension: [{ url: 'http://x/birthTime', valueDateTime: '1974-12-25T14:35:45-05:00' }] },
  deceasedBoolean: false,
  _gender: { extension: [{ url: 'http://x/unknown', valueCode: 'masked' }] },
  managingOrganization: { reference: '#org' },
  generalPractitioner: [{ reference: 'Practitioner/1' }, { reference: 'http://other/fhir/Organization/2' }],
  contained: [{ resourceType: 'Organization', id: 'org', name: 'Org' }],
};
const observation = parseJson(
  '{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},' +
    '"effectiveDateTime":"2026-01-02T10:00:00Z","valueQuantity":{"value":6.30,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},' +
    '"component":[{"code":{"text":"a"},"valueInteger":3},{"code":{"text":"b"},"valueString":"x"}]}',
);

const values = (expression: string, input: Json = patient, withModel = true): readonly (Json | undefined)[] =>
  compile(expression)
    .evaluate(input, withModel ? { model } : {})
    .map((node) => node.value);

describe('what expressions give', () => {
  test.each<[string, readonly (Json | undefined)[]]>([
    ['Patient.name.given', ['Peter', 'James', 'Jim', undefined]],
    ['name.first().given[1]', ['James']],
    ['Observation.status', []],
    ['Resource.id', ['p']],
    ['DomainResource.id', ['p']],
    ["name.where(use = 'usual').given.first()", ['Jim']],
    ['name.given.count()', [4]],
    ['name.select(given.first())', ['Peter', 'Jim']],
    ["name.exists(use = 'old')", [false]],
    ["name.all(use in ('official' | 'usual'))", [true]],
    ["name.use contains 'usual'", [true]],
    ['deceased', [false]],
    ['deceased.exists() and deceased != false', [false]],
    ['(deceased as boolean)', [false]],
    ['deceased as dateTime', []],
    ['deceased is boolean', [true]],
    ['deceased is Boolean', [true]],
    ['birthDate is date', [true]],
    ['name.first() is HumanName', [true]],
    ['Patient is DomainResource', [true]],
    ['gender.exists()', [true]],
    ['gender.hasValue()', [false]],
    ['gender.extension.value', ['masked']],
    ["birthDate.extension('http://x/birthTime').value", ['1974-12-25T14:35:45-05:00']],
    ['name[1].given[1].extension.value', ['J']],
    ['managingOrganization.resolve().name', ['Org']],
    ['generalPractitioner.where(resolve() is Practitioner).reference', ['Practitioner/1']],
    ['generalPractitioner.where(resolve() is Organization).reference', ['http://other/fhir/Organization/2']],
    ['contained.where(id = %resource.managingOrganization.reference.substring(1)).name', ['Org']],
    ['descendants().as(date)', ['1974-12-25']],
    ["iif(active, 'yes', 'no')", ['yes']],
    ["link.iif(empty(), 'none', 'some')", ['none']],
    ['name.given.tail().take(2)', ['James', 'Jim']],
    ["name.given.skip(1).first() & '!'", ['James!']],
    ['(1 | 2 | 2).aggregate($this + $total, 10)', [13]],
    ['(3 | 1 | 2).sum()', [6]],
    ['name.select($index)', [0, 1]],
    ['(1 | 2).combine(2).isDistinct()', [false]],
    ['(1 | 2 | 3).intersect(2 | 3 | 4)', [2, 3]],
    ['(1 | 2 | 3).exclude(2)', [1, 3]],
    ['(1 | 2).subsetOf(1 | 2 | 3)', [true]],
    ["'abc'.matches('b')", [true]],
    ["'abc'.matches('^b$')", [false]],
    ["'a.b.c'.replaceMatches('\\\\..*', '')", ['a']],
    ["'abc'.replace('b', 'x')", ['axc']],
    ["'abcd'.substring(1, 2)", ['bc']],
    ["'abcd'.substring(9)", []],
    ["'abc'.indexOf('c')", [2]],
    ["'a,b'.split(',').join('-')", ['a-b']],
    ["'7'.toInteger() + 1", [8]],
    ["'x'.toInteger()", []],
    ["'x'.convertsToInteger()", [false]],
    ['0.1 + 0.2 = 0.3', [true]],
    ['7 div 2', [3]],
    ['7 mod 2', [1]],
    ['7 / 2', [3.5]],
    ['1 / 0', []],
    ['-2.abs()', [-2]],
    ['(-2).abs()', [2]],
    ['2.power(3)', [8]],
    ['1.55.round(1)', [1.6]],
    ['1 + 2 * 3', [7]],
    ["'a' ~ 'A '", [true]],
    ['{} = 1', []],
    ['(1 | 2) = (1 | 2)', [true]],
    ['true and {}', []],
    ['false and {}', [false]],
    ['true or {}', [true]],
    ['false implies {}', [true]],
    ['{} implies true', [true]],
    ['true implies {}', []],
    ['true xor true', [false]],
    ['{} ~ {}', [true]],
    ['%ucum', ['http://unitsofmeasure.org']],
    ['%`vs-languages`', ['http://hl7.org/fhir/ValueSet/languages']],
    ['%context.id', ['p']],
    ["name.given.trace('t').count()", [4]],
    ['1 year = 12 months', [true]],
    ["1000 'mg' = 1 'g'", [true]],
    ["1 'mg' = 1 'mmol'", []],
    ["2 'mg' + 1 'g' > 1 'g'", [true]],
    ['repeat($this.contained).id', ['org']],
    ['// a comment\n active /* another */', [true]],
  ])('%s', (expression, expected) => {
    expect(values(expression)).toEqual(expected);
  });

  test.each<[string, readonly Json[]]>([
    ['@2026-01-02 = @2026-01-02', [true]],
    ['@2026-01 = @2026-01-02', []],
    ['@2026-01 = @2026-02-02', [false]],
    ['@2026-01 < @2026-02-02', [true]],
    ['@2026-01-01T10:00:00Z = @2026-01-01T12:00:00+02:00', [true]],
    ['@2026-01-01T10:00:00 = @2026-01-01T10:00:00.0', [true]],
    ['@2026-01-01T10:00 = @2026-01-01T10:00:00', []],
    ['@T10:30 < @T11:00', [true]],
    ['@2026-01-31 + 1 month', ['2026-02-28']],
    ['@2024-02-29 - 1 year', ['2023-02-28']],
    ['@2026-12-31 + 1 day', ['2027-01-01']],
    ['@2026 + 24 months', ['2028']],
    ['@2026-01-01T23:30:00Z + 45 minutes', ['2026-01-02T00:15:00Z']],
    ['@T23:30 + 1 hour', ['00:30']],
    ['effective > @2026-01-01', [true]],
    ['effective = @2026-01-02', []],
    ["'2026-13'.toDate()", []],
    ["'2026-01-02T10:00:00Z'.toDate() = @2026-01-02", [true]],
  ])('time: %s', (expression, expected) => {
    expect(values(expression, observation)).toEqual(expected);
  });

  test.each<[string, readonly Json[]]>([
    ['Observation.value.value', [6.3]],
    ['(Observation.value as Quantity).unit', ['mg']],
    ['Observation.value.ofType(Quantity).exists()', [true]],
    ['Observation.value as CodeableConcept', []],
    ['Observation.component.value', [3, 'x']],
    ['(Observation.component.value as string)', ['x']],
    ['component.value is integer', []],
    ["value > 6 'mg'", [true]],
    ["value < 1 'g'", [true]],
    ['value.value.toString()', ['6.30']],
  ])('choices with and without a model: %s', (expression, expected) => {
    if (expression === 'component.value is integer') {
      expect(() => values(expression, observation)).toThrow('needs a single item');
      return;
    }
    expect(values(expression, observation)).toEqual(expected);
    expect(values(expression, observation, false)).toEqual(expected);
  });

  test('the clock is the one that is passed in', () => {
    const now = Date.UTC(2026, 4, 6, 7, 8, 9);
    expect(compile('today() = @2026-05-06 and now() = @2026-05-06T07:08:09Z').test(patient, { now })).toBe(true);
  });

  test('variables, references and value sets come from the environment', () => {
    const environment = {
      model,
      variables: { limit: 3 },
      resolve: (reference: string) => ({ resourceType: 'Practitioner', id: reference, active: true }),
      memberOf: (_node: unknown, url: string) => url === 'http://x/vs',
    };
    expect(compile('name.count() < %limit').test(patient, environment)).toBe(true);
    expect(compile('generalPractitioner.first().resolve().active').test(patient, environment)).toBe(true);
    expect(compile("active.memberOf('http://x/vs')").test(patient, environment)).toBe(true);
    expect(() => compile('%unknown').evaluate(patient)).toThrow('%unknown');
  });
});

describe('where things were found', () => {
  test('nodes tell their path', () => {
    const paths = (expression: string, input: Json) =>
      compile(expression)
        .evaluate(input, { model })
        .map((node) => node.path);
    expect(paths('component.where(value is string).code.text', observation)).toEqual([
      'Observation.component[1].code.text',
    ]);
    expect(paths('component.value', observation)).toEqual([
      'Observation.component[0].value',
      'Observation.component[1].value',
    ]);
    expect(paths('descendants().as(Quantity)', observation)).toEqual(['Observation.value']);
    expect(paths('name[1].given[1].extension', patient)).toEqual(['Patient.name[1].given[1].extension[0]']);
  });

  test('an element evaluates in its place: %resource is what holds it', () => {
    const [quantity] = compile('value').evaluate(observation, { model });
    if (quantity === undefined) throw new Error('no value');
    expect(compile("%resource.status = 'final' and unit = 'mg'").test(quantity, { model })).toBe(true);
  });
});

describe('an expression that is wrong says where', () => {
  test.each([
    ['name.', 'position 6: expected a name'],
    ['name.foo()', "position 6: unknown function 'foo'"],
    ['name.where()', 'position 6: where() takes 1 arguments, 0 given'],
    ["name = 'x", "position 8: no closing '"],
    ['(name', "position 6: expected ')', found the end"],
    ['name name', "position 6: expected an operator or the end, found 'name'"],
    ['a ? b', "position 3: unexpected character '?'"],
    ['name.ofType(1)', 'position 13: expected the name of a type'],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, 'less nesting'],
  ])('%s', (expression, message) => {
    expect(() => compile(expression)).toThrow(Problem);
    expect(() => compile(expression)).toThrow(message);
  });

  test.each([
    ['name and true', 'several items'],
    ['name.single()', 'needs a single item'],
    ["active > 'a'", 'no order'],
    ['active + 1', 'does not go with'],
    ["'a'.matches('(')", 'no regular expression'],
  ])('%s fails on the data', (expression, message) => {
    expect(() => compile(expression).evaluate(patient, { model })).toThrow(message);
  });
});

test.each([
  ['<div xmlns="http://www.w3.org/1999/xhtml"><p>Fine &amp; <b>well</b><br/></p></div>', true],
  ['<div><img src="#a" alt="a"/></div>', true],
  ['<div> </div>', false],
  ['<div><script>alert(1)</script></div>', false],
  ['<div><p onclick="x()">a</p></div>', false],
  ['<div><a href="javascript:x()">a</a></div>', false],
  ['<div><p>a</div></p>', false],
  ['<p>a</p>', false],
  ['<div>a</div><div>b</div>', false],
])('a narrative holds plain HTML alone: %s', (div, expected) => {
  expect(compile('htmlChecks()').test(div, { type: 'xhtml' })).toBe(expected);
});
