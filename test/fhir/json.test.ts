import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasLiterals, LITERALS, literal, parseJson, writeJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../../src/fhir/resource.ts';

const refusal = (body: string | Buffer): string => {
  try {
    parseJson(body);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'malformed-body') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

const parsedObject = (text: string): JsonObject => {
  const value = parseJson(text);
  if (!isObject(value)) throw new Error('no object');
  return value;
};

const spaces = fc.constantFrom('', ' ', '\n', '\t ', '\r\n');
const numberText = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('0.10', '1e3', '-0', '-0.0', '1.50E-2', '12345678901234567890', '0.1e+1', '100.00'),
);
const wellFormed = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
const jsonText = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numberText,
    wellFormed.map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null'),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .uniqueArray(
      fc.tuple(
        wellFormed.filter((name) => !(name in {}) && !/^\d+$/.test(name)),
        tie('value'),
      ),
      {
        selector: ([name]) => name,
        maxLength: 5,
      },
    )
    .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
}));

describe('what was received can be given back', () => {
  test('decimals, exponents and long integers keep their literals', () => {
    const text = '{"a":0.10,"b":[1e3,2,-0,3.0],"c":{"d":12345678901234567890,"e":1.5},"f":1}';
    expect(writeJson(parseJson(text))).toBe(text);
  });

  test('writing undoes parsing, and the values are those of JSON.parse', () => {
    fc.assert(
      fc.property(jsonText.object, (text) => {
        const value = parseJson(text);
        expect(writeJson(value)).toBe(text);
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  test('white space between tokens changes nothing', () => {
    fc.assert(
      fc.property(spaces, spaces, (one, other) => {
        const text = `${one}{${other}"a"${one}:${other}[${one}1${other},${one}{}${other}]${one}}${other}`;
        expect(parseJson(text)).toEqual({ a: [1, {}] });
      }),
    );
  });

  test('a byte order mark is tolerated', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });

  test('a literal is dropped once its number has changed', () => {
    const value = parsedObject('{"value":0.10,"unit":"g"}');
    expect(writeJson({ ...value, unit: 'mg' })).toBe('{"value":0.10,"unit":"mg"}');
    expect(writeJson({ ...value, value: 0.2 })).toBe('{"value":0.2,"unit":"g"}');
    expect(literal(value, 'value')).toBe('0.10');
    expect(literal({ ...value, value: 0.2 }, 'value')).toBe('0.2');
  });

  test('ordinary numbers leave no trace', () => {
    const value = parsedObject('{"a":1.5,"b":[-12,0,123456789012345],"c":0.001}');
    expect(hasLiterals(value)).toBe(false);
    expect(Object.getOwnPropertySymbols(value)).toEqual([]);
    expect(Object.getOwnPropertySymbols(parsedObject('{"a":1.0}'))).toEqual([LITERALS]);
  });

  test('members that are undefined are not written', () => {
    const value: Json = { a: undefined, b: parseJson('[0.10]') };
    expect(writeJson(value)).toBe('{"b":[0.10]}');
  });
});

describe('what would be lost or blurred is refused, with its place', () => {
  test.each([
    ['{"a":1,\n "b":2,\n "a":3}', "line 3, column 2: the member 'a' is given twice in one object"],
    ['{"a":{"b":1,"b":1}}', "the member 'b' is given twice"],
    ['{"__proto__":{}}', "'__proto__' is not allowed"],
    ['{"a":{"toString":1}}', "'toString' is not allowed"],
    ['{"valueOf":null}', "'valueOf' is not allowed"],
    ['{"constructor":{"prototype":{}}}', "'constructor' is not allowed"],
    ['{"a":1,}', "line 1, column 8: expected a member name in double quotes, found '}'"],
    ['{"a" 1}', "expected ':' after the member name 'a', found '1'"],
    ['{"a":1 "b":2}', "expected ',' or '}', found '\"'"],
    ['[1 2]', "expected ',' or ']', found '2'"],
    ['[1,]', "expected a value, found ']'"],
    ['{"a":01}', 'no leading zeros'],
    ['{"a":.5}', "expected a value, found '.'"],
    ['{"a":5.}', "expected a digit, found '}'"],
    ['{"a":1e}', 'expected a digit'],
    ['{"a":-}', 'expected a digit'],
    ['{"a":1e999}', 'the number 1e999 is too large'],
    ['{"a":NaN}', "expected a value, found 'N'"],
    ['{"a":tru}', 'expected a value'],
    ['{"a":"x', 'the text ends inside a string'],
    ['{"a":"x\ny"}', 'the control character U+000A must be escaped'],
    ['{"a":"\\u0000"}', 'U+0000 is not allowed'],
    ['{"a":"\\ud800"}', 'unpaired surrogate'],
    ['{"a":"\\x"}', 'escapes'],
    ['{"a":"\ud800"}', 'unpaired surrogate'],
    ['{} x', "expected the end of the text, found 'x'"],
    ['', 'expected a value, found the end of the text'],
    ['[1', "expected ',' or ']', found the end of the text"],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'nested deeper than 64 levels'],
  ])('%j', (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  test('an object of more members than any element has', () => {
    const members = Array.from({ length: 1001 }, (_, n) => `"m${n}":1`);
    expect(refusal(`{${members.join()}}`)).toContain('more than 1000 members in one object');
    expect(parseJson(`{${members.slice(1).join()}}`)).toHaveProperty('m1000', 1);
  });

  test('bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toContain('UTF-8');
  });

  test('whatever JSON.parse refuses is refused', () => {
    fc.assert(
      fc.property(jsonText.object, fc.nat(), fc.string({ maxLength: 2 }), (text, place, noise) => {
        const at = place % text.length;
        const damaged = text.slice(0, at) + noise + text.slice(at + 1);
        let theirs = true;
        try {
          JSON.parse(damaged);
        } catch (error) {
          theirs = !(error instanceof SyntaxError);
        }
        if (!theirs) expect(() => parseJson(damaged)).toThrow(Problem);
      }),
      { numRuns: 500 },
    );
  });

  test('64 levels are read', () => {
    expect(() => parseJson(`${'['.repeat(64)}${']'.repeat(64)}`)).not.toThrow();
  });
});
