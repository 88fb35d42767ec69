import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { readXml } from '../../src/conformance/xml/read-xml.ts';
import { writeXml } from '../../src/conformance/xml/write-xml.ts';
import { parseJson, writeJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { exampleFiles } from './official-examples.ts';
import { sameJson } from './same-json.ts';

const registry = loadRegistry();
const read = (xml: string): Resource => readXml(registry, xml);
const write = (resource: Resource, pretty = false): string => writeXml(registry, resource, pretty);
const patient = (content: string): string => `<Patient xmlns="http://hl7.org/fhir">${content}</Patient>`;
const json = (text: string): Resource => {
  const value = parseJson(text);
  if (!isResource(value)) throw new Error('no resource');
  return value;
};

describe('FHIR XML', () => {
  test('every official example becomes XML and the same JSON again, to the digit', () => {
    const different: string[] = [];
    let count = 0;
    for (const file of exampleFiles()) {
      const resource = parseJson(readFileSync(file, 'utf8'));
      if (!isResource(resource)) continue;
      count += 1;
      if (!sameJson(read(write(resource, count % 10 === 0)), resource)) different.push(file);
    }
    expect(different).toEqual([]);
    expect(count).toBeGreaterThan(5000);
  }, 120_000);

  test('reads what the specification shows', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><?an instruction?>
<Patient xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://hl7.org/fhir x.xsd">
  <id value="p1"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class='a'>A &amp; B&#160;<br/><!-- kept --></p></div></text>
  <contained><Organization><id value="o"/><name value="O"/></Organization></contained>
  <extension url="http://example.org/e"><valueDecimal value="0.10"/></extension>
  <active value="true"/>
  <name id="n1"><family value="A &quot;B&quot;&#10;C"/><given value="x"/><given id="g2"/><given value="z"><extension url="http://example.org/g"><valueCode value="c"/></extension></given></name>
  <birthDate value="1970-03-30"><!-- inside --><extension url="http://example.org/t"><valueDateTime value="1970-03-30T08:00:00Z"/></extension></birthDate>
  <multipleBirthInteger value="2"/>
</Patient>`;
    const resource = read(xml);
    expect(writeJson(resource)).toBe(
      '{"resourceType":"Patient","id":"p1","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p class=\'a\'>A &amp; B&#160;<br/><!-- kept --></p></div>"},"contained":[{"resourceType":"Organization","id":"o","name":"O"}],"extension":[{"url":"http://example.org/e","valueDecimal":0.10}],"active":true,"name":[{"id":"n1","family":"A \\"B\\"\\nC","given":["x",null,"z"],"_given":[null,{"id":"g2"},{"extension":[{"url":"http://example.org/g","valueCode":"c"}]}]}],"birthDate":"1970-03-30","_birthDate":{"extension":[{"url":"http://example.org/t","valueDateTime":"1970-03-30T08:00:00Z"}]},"multipleBirthInteger":2}',
    );
    expect(read(write(resource))).toEqual(resource);
  });

  test('elements are written in the order of the schema, whatever that of the JSON', () => {
    const xml = write(
      json('{"birthDate":"1970","resourceType":"Patient","name":[{"given":["a","b"],"family":"c"}],"id":"1"}'),
    );
    expect(xml).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Patient xmlns="http://hl7.org/fhir"><id value="1"/><name><family value="c"/><given value="a"/><given value="b"/></name><birthDate value="1970"/></Patient>',
    );
  });

  test('a resource in a Bundle in a Parameters keeps its place', () => {
    const nested = json(
      '{"resourceType":"Parameters","parameter":[{"name":"b","resource":{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://x"}],"entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.50}},"search":{"mode":"match","score":1e0}}]}}]}',
    );
    expect(writeJson(read(write(nested)))).toBe(writeJson(nested));
    expect(writeJson(read(write(nested, true)))).toBe(writeJson(nested));
  });

  test.each(['0.10', '-0.0', '1E5', '1.000000000000000000001', '12345678901234567890.5'])(
    'the decimal %s stays as it is',
    (text) => {
      const quantity = `<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="${text}"/></valueQuantity></Observation>`;
      const resource = read(quantity);
      expect(writeJson(resource)).toContain(`"value":${text}`);
      expect(write(resource)).toContain(`<value value="${text}"/>`);
    },
  );

  test('narrative with a prefix, CDATA or instructions is written anew without them', () => {
    const xml = `<f:Patient xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><f:text><h:div><h:p title="&lt;">a<![CDATA[<b>]]><?x y?></h:p><h:br/><h:b></h:b></h:div></f:text></f:Patient>`;
    expect(read(xml)['text']).toEqual({
      div: '<div xmlns="http://www.w3.org/1999/xhtml"><p title="&lt;">a&lt;b&gt;</p><br/><b></b></div>',
    });
  });

  test("narrative with HTML's entities becomes well-formed XML", () => {
    const div = '<div xmlns="http://www.w3.org/1999/xhtml">a&nbsp;&eacute; <a href="x?a=1&b=2">b</a></div>';
    const xml = write({ resourceType: 'Patient', text: { status: 'generated', div } });
    expect(read(xml)['text']).toEqual({
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">a\u00a0é <a href="x?a=1&amp;b=2">b</a></div>',
    });
  });

  test('narrative can never break out of its place', () => {
    const writing = (div: string) => () => write({ resourceType: 'Patient', text: { div } });
    const ns = 'xmlns="http://www.w3.org/1999/xhtml"';
    for (const div of [
      `<div ${ns}/></text><active value="true"/><text>`,
      `<div ${ns}>`,
      `<div ${ns}><?x?></div>`,
      '<div/>',
      `<div ${ns}/><div ${ns}/>`,
    ]) {
      expect(writing(div)).toThrow(expect.objectContaining({ kind: 'not-acceptable' }));
    }
  });

  test('what XML cannot carry is said, not dropped', () => {
    expect(() => write({ resourceType: 'Patient', name: [{ family: 'a\u0001' }] })).toThrow(
      /Patient\.name\.family.*U\+0001/,
    );
    expect(() => write({ resourceType: 'Patient', nom: 'x' })).toThrow(/no element nom/);
  });
});

describe('XML that is refused', () => {
  test.each([
    ['a document type', '<!DOCTYPE Patient><Patient xmlns="http://hl7.org/fhir"/>', /DTD/],
    [
      'an external entity',
      '<!DOCTYPE Patient [<!ENTITY e SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><id value="&e;"/></Patient>',
      /line 1, column \d+: a document type/,
    ],
    [
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY a "ha">${'bcdefghij'.replace(/./g, (c) => `<!ENTITY ${c} "${`&${String.fromCharCode(c.charCodeAt(0) - 1)};`.repeat(10)}">`)}]>${patient('<id value="&j;"/>')}`,
      /DTD/,
    ],
    ['an entity of HTML', patient('<id value="&nbsp;"/>'), /undefined entity/],
    ['an entity named like a member of every object', patient('<id value="&constructor;"/>'), /undefined entity/],
    ['a reference to U+0000', patient('<id value="&#0;"/>'), /character/],
    ['a control character', patient('<id value="\u0001"/>'), /line 1, column \d+: disallowed character/],
    ['an open tag', '<Patient xmlns="http://hl7.org/fhir"><id value="1"/>', /unclosed tag: Patient/],
    ['nothing', '', /document must contain a root element/],
    ['an attribute twice', patient('<id value="1" value="2"/>'), /duplicate attribute: value/],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${patient('')}`, /encoding ISO-8859-1/],
    ['another namespace', '<Patient xmlns="urn:hl7-org:v3"/>', /not of the namespace http:\/\/hl7.org\/fhir/],
    ['no namespace', '<Patient/>', /namespace/],
    ['an unknown type', '<Pateint xmlns="http://hl7.org/fhir"/>', /did you mean Patient\?/],
    ['an abstract type', '<DomainResource xmlns="http://hl7.org/fhir"/>', /no resource/],
    ['text between elements', patient('<name>Chalmers</name>'), /text is not allowed/],
    ['CDATA between elements', patient('<name><![CDATA[Chalmers]]></name>'), /text is not allowed/],
    ['an unknown attribute', patient('<name use="x"/>'), /attribute use/],
    ['an attribute named __proto__', patient('<name __proto__="x"/>'), /attribute __proto__/],
    ['an id as attribute of a resource', '<Patient xmlns="http://hl7.org/fhir" id="1"/>', /attribute id/],
    ['a value on a complex element', patient('<name value="x"/>'), /attribute value.*no primitive/],
    ['an empty primitive', patient('<birthDate/>'), /must have a value or an extension/],
    ['two resources in one place', patient('<contained><Patient/><Patient/></contained>'), /one resource/],
    ['no resource where one must be', patient('<contained/>'), /must hold a resource/],
    [
      'script in narrative of another namespace',
      patient('<text><div xmlns="http://www.w3.org/1999/xhtml"><x xmlns="urn:x"/></div></text>'),
      /not XHTML/,
    ],
  ])('%s', (_what, xml, message) => {
    expect(() => read(xml)).toThrow(
      expect.objectContaining({ kind: 'malformed-body', message: expect.stringMatching(message) }),
    );
  });

  test.each([
    [patient('\n  <nmae/>'), 'Patient.nmae', /line 2, column 3: Patient has no element <nmae>: did you mean name\?/],
    [patient('<gender value="male"/><gender value="male"/>'), 'Patient.gender', /does not repeat/],
    [patient('<name/><name><given value="a"/><given/></name>'), 'Patient.name[1].given[1]', /must have a value/],
    [patient('<active value="yes"/>'), 'Patient.active', /expected true or false, found 'yes'/],
    [patient('<multipleBirthInteger value="1.5"/>'), 'Patient.multipleBirthInteger', /an integer/],
    [
      '<Bundle xmlns="http://hl7.org/fhir"><entry/><entry><resource><Observation><valueQuantity><value value="01"/></valueQuantity></Observation></resource></entry></Bundle>',
      'Bundle.entry[1].resource.valueQuantity.value',
      /a decimal/,
    ],
    [
      patient('<multipleBirthInteger value="1"/>').replace('Integer value="1"', 'Decimal value="1e400"'),
      'Patient.multipleBirthDecimal',
      /no element/,
    ],
  ])('%s at %s', (xml, expression, message) => {
    expect(() => read(xml)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        issues: [expect.objectContaining({ expression: [expression] })],
      }),
    );
  });

  test('invalid UTF-8, and UTF-16', () => {
    const broken = Buffer.concat([
      Buffer.from('<Patient xmlns="http://hl7.org/fhir"><id value="'),
      Buffer.from([0xc3, 0x28]),
    ]);
    expect(() => readXml(registry, broken)).toThrow(/UTF-8/);
    expect(() => readXml(registry, Buffer.from(`\ufeff${patient('')}`, 'utf16le'))).toThrow(/UTF-8/);
    expect(readXml(registry, Buffer.from(`\ufeff${patient('<id value="1"/>')}`))).toEqual({
      resourceType: 'Patient',
      id: '1',
    });
  });

  test('damaged anywhere, a document is a resource still or a Problem, never another error', () => {
    const whole = write(
      json(
        '{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><b>a</b></div>"},"contained":[{"resourceType":"Basic"}],"name":[{"given":["a",null],"_given":[null,{"id":"b"}]}],"birthDate":"1970"}',
      ),
    );
    const damage = fc.tuple(
      fc.nat(whole.length),
      fc.nat(12),
      fc.constantFrom(
        '',
        '<',
        '>',
        '</',
        '/>',
        '"',
        '&',
        '<!--',
        '<![CDATA[',
        ']]>',
        '<?',
        'xmlns:',
        '<div>',
        '\u0000',
        '\ud800',
        ' id=""',
      ),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const text = damages.reduce((it, [at, length, put]) => it.slice(0, at) + put + it.slice(at + length), whole);
        try {
          return isResource(read(text));
        } catch (error) {
          return error instanceof Problem && error.kind === 'malformed-body';
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('nesting without end costs nothing', () => {
    const extension = '<extension url="http://x">'.repeat(100_000);
    expect(() => read(patient(extension))).toThrow(/nested deeper than 64 levels/);
    expect(() => read(patient(`<text><div xmlns="http://www.w3.org/1999/xhtml">${'<b>'.repeat(100_000)}`))).toThrow(
      /deeper/,
    );
    const bundle = '<contained><Patient>'.repeat(100_000);
    expect(() => read(patient(bundle))).toThrow(/deeper/);
  });

  test('what XML lets in, JSON can carry: both have one limit of depth', () => {
    const nested = (depth: number) =>
      patient(`${'<extension url="x">'.repeat(depth)}<valueString value="a"/>${'</extension>'.repeat(depth)}`);
    const deepest = Math.max(
      ...Array.from({ length: 40 }, (_, depth) => depth).filter((depth) => {
        try {
          return read(nested(depth)) !== undefined;
        } catch {
          return false;
        }
      }),
    );
    expect(() => parseJson(writeJson(read(nested(deepest))))).not.toThrow();
    expect(deepest).toBe(31);
  });
});
