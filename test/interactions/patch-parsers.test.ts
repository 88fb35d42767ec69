import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { readXml } from '../../src/conformance/xml/read-xml.ts';
import { writeXml } from '../../src/conformance/xml/write-xml.ts';
import { parseJson, writeJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Json, type Resource } from '../../src/fhir/resource.ts';
import { applyFhirPathPatch } from '../../src/interactions/fhirpath-patch.ts';
import { applyJsonPatch } from '../../src/interactions/json-patch.ts';
import { applyXmlPatch } from '../../src/interactions/xml-patch.ts';

const registry = loadRegistry();
const TEXT =
  '{"resourceType":"Patient","id":"p","active":true,"name":[{"family":"A","given":["B","C"]},{"text":"D"}],"multipleBirthInteger":2,"extension":[{"url":"http://x.test","valueDecimal":0.10}]}';
const fresh = (): Resource => {
  const json = parseJson(TEXT);
  if (!isResource(json)) throw new Error('no resource');
  return json;
};
const orRefused = (work: () => Json): Json | undefined => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
};
const operations = (list: readonly unknown[]): Json => parseJson(JSON.stringify(list));
/** Names that every object inherits are no JSON here. */
const accepted = (text: string): boolean => orRefused(() => parseJson(text)) !== undefined;
const place = fc.constantFrom(
  '/name/0',
  '/name/1',
  '/name/2',
  '/name/-',
  '/name/0/given/1',
  '/birthDate',
  '/photo',
  '/id',
);
const value = fc.jsonValue({ maxDepth: 2 }).filter((it) => accepted(JSON.stringify(it)));

describe('JSON Patch', () => {
  test('what is added and removed again leaves the resource to the letter', () => {
    fc.assert(
      fc.property(fc.constantFrom('/name/0', '/name/2', '/name/1/given', '/photo', '/a~1b'), value, (path, added) => {
        const patch = [
          { op: 'add', path, value: added },
          { op: 'test', path, value: added },
          { op: 'remove', path },
        ];
        expect(writeJson(applyJsonPatch(fresh(), operations(patch)))).toBe(TEXT);
      }),
    );
  });

  test('a move and a copy and a move back agree', () => {
    const patch = [
      { op: 'copy', from: '/extension/0', path: '/extension/-' },
      { op: 'remove', path: '/extension/0' },
    ];
    expect(writeJson(applyJsonPatch(fresh(), operations(patch)))).toBe(TEXT);
  });

  test('any operations are applied or refused', () => {
    const operation = fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
        path: fc.oneof(place, fc.string()),
        from: fc.oneof(place, fc.constant(''), fc.string()),
        value,
      },
      { requiredKeys: ['op'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(operation, { maxLength: 5 }), fc.jsonValue()), (patch) => {
        const patched = orRefused(() => applyJsonPatch(fresh(), parseJson(JSON.stringify(patch))));
        if (patched !== undefined) expect(JSON.stringify(JSON.parse(writeJson(patched)))).toBe(JSON.stringify(patched));
      }),
      { numRuns: 2000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('copies that double without end are refused', () => {
    const double = { op: 'copy', from: '', path: '/contact/-' };
    const patch = operations([{ op: 'add', path: '/contact', value: [] }, ...Array(60).fill(double)]);
    expect(() => applyJsonPatch(fresh(), patch)).toThrow('values are copied');
  });
});

describe('FHIRPath Patch and XML Patch', () => {
  test('any parameters are applied or refused', () => {
    const path = fc.constantFrom(
      'Patient',
      'Patient.name',
      'Patient.name[0]',
      'Patient.active',
      '1',
      'Patient.name.given',
      'x.',
      '%resource',
      '{}',
    );
    const part = fc.oneof(
      fc.record({
        name: fc.constant('type'),
        valueCode: fc.constantFrom('add', 'insert', 'delete', 'replace', 'move', 'x'),
      }),
      fc.record({ name: fc.constant('path'), valueString: path }),
      fc.record({
        name: fc.constant('name'),
        valueString: fc.constantFrom('name', 'active', '__proto__', 'constructor', 'birthDate'),
      }),
      fc.record({ name: fc.constant('value'), valueString: fc.string() }),
      fc.record({
        name: fc.constant('value'),
        part: fc.array(fc.record({ name: fc.string(), valueBoolean: fc.boolean() }), { maxLength: 2 }),
      }),
      fc.record({
        name: fc.constantFrom('index', 'source', 'destination'),
        valueInteger: fc.integer({ min: -2, max: 4 }),
      }),
    );
    const parameter = fc.array(fc.record({ name: fc.constant('operation'), part: fc.array(part, { maxLength: 6 }) }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(parameter, (list) => {
        const parameters = parseJson(JSON.stringify({ resourceType: 'Parameters', parameter: list }));
        orRefused(() => applyFhirPathPatch(registry, fresh(), parameters));
      }),
      { numRuns: 1500 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('any diff is applied or refused', () => {
    const selector = fc.oneof(
      fc.constantFrom('Patient/name[1]', '*/active/@value', 'Patient', '/Patient/name/given[2]', '//x', 'a[', ''),
      fc.string({ unit: fc.constantFrom(...'aP/[]@*1:.()=') }),
    );
    const content = fc.constantFrom(
      '',
      'true',
      '<active value="false"/>',
      '<name><family value="x"/></name>',
      'x<a/>',
      '&#1;',
      '<!-- -->',
    );
    const operation = fc.tuple(
      fc.constantFrom('add', 'replace', 'remove', 'x'),
      selector,
      fc.constantFrom('', ' type="@value"', ' pos="before"', ' pos="x"'),
      content,
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 3 }), (list) => {
        const diff = list.map(([verb, sel, more, inner]) => `<${verb} sel="${sel}"${more}>${inner}</${verb}>`).join('');
        orRefused(() =>
          applyXmlPatch(registry, fresh(), Buffer.from(`<diff xmlns="http://hl7.org/fhir">${diff}</diff>`)),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('XML both ways', () => {
  test('any text that XML can hold comes back as it was, in elements and in attributes', () => {
    // XML 1.0 has no control characters, surrogates or U+FFFE and U+FFFF (production 2, Char).
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it leaves out
    const unheld = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/u;
    const held = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !unheld.test(text));
    const decimal = fc
      .tuple(fc.integer(), fc.nat(999))
      .map(([whole, part]) => `${whole}.${String(part).padStart(3, '0')}`);
    fc.assert(
      fc.property(held, held, decimal, (family, id, number) => {
        const json = `{"resourceType":"Patient","name":[{"id":${JSON.stringify(id)},"family":${JSON.stringify(family)}}],"extension":[{"url":"http://x.test","valueDecimal":${number}}]}`;
        const resource = parseJson(json);
        if (!isResource(resource)) throw new Error('no resource');
        const back = readXml(registry, writeXml(registry, resource));
        expect(JSON.parse(writeJson(back))).toEqual(JSON.parse(json));
        expect(writeJson(back)).toContain(`"valueDecimal":${number}`);
      }),
      { numRuns: 500 },
    );
  });
});
