import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client, json } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let c: Client;
beforeAll(async () => {
  server = await serving();
  c = await client(server);
});
afterAll(() => server.stop());

const XML = 'application/fhir+xml';
const send = (method: string, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.origin}/fhir${path}`, {
    method,
    headers: { ...c.authorised(), 'content-type': XML, accept: XML, ...headers },
    body,
  });
const get = (path: string, accept?: string) =>
  c.get(`/fhir${path}`, { ...c.authorised(), ...(accept !== undefined && { accept }) });
const observation = (value: string, subject = 'urn:x'): string =>
  `<Observation xmlns="http://hl7.org/fhir"><status value="final"/><code><text value="weight"/></code><subject><reference value="${subject}"/></subject><valueQuantity><value value="${value}"/></valueQuantity></Observation>`;

describe('FHIR XML over HTTP', () => {
  test('what was created in XML is read in XML and in JSON, its decimal to the digit', async () => {
    const created = await send('POST', '/Observation', observation('72.10'));
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toBe('application/fhir+xml; charset=utf-8');
    const text = await created.text();
    expect(text).toContain('<value value="72.10"/>');
    const id = /<id value="([^"]+)"/.exec(text)?.[1];
    const asJson = await get(`/Observation/${id}`);
    expect(asJson.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(await asJson.text()).toContain('"value":72.10');
    const asXml = await get(`/Observation/${id}`, XML);
    expect(await asXml.text()).toBe(text);
    expect(asXml.headers.get('etag')).toBe(asJson.headers.get('etag'));
    // Sent back as it was read: the same version.
    const again = await send('PUT', `/Observation/${id}`, text);
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"']);
  });

  test('_format and the older media types ask for it too, _pretty indents it', async () => {
    const { id } = await json(await c.post('/fhir/Patient', { resourceType: 'Patient', gender: 'female' }));
    for (const [query, accept, type] of [
      ['?_format=xml', undefined, XML],
      ['?_format=application/fhir%2Bxml', 'application/json', XML],
      ['', 'application/xml', 'application/xml'],
      ['', 'text/xml', 'application/xml'],
    ] as const) {
      const response = await get(`/Patient/${id}${query}`, accept);
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      expect(await response.text()).toContain('<gender value="female"/>');
    }
    expect(await (await get(`/Patient/${id}?_format=xml&_pretty=true`)).text()).toContain(
      '\n  <gender value="female"/>\n',
    );
  });

  test('a search answers with a Bundle in XML', async () => {
    const code = 'xml-search';
    for (const value of ['1.0', '2.0'])
      await send(
        'POST',
        '/Observation',
        observation(value).replace(
          '<text value="weight"/>',
          `<coding><system value="urn:s"/><code value="${code}"/></coding>`,
        ),
      );
    const response = await get(`/Observation?code=${code}&_total=accurate&_format=xml`);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Bundle xmlns="http:\/\/hl7.org\/fhir">/);
    expect(text).toContain('<type value="searchset"/>');
    expect(text).toContain('<total value="2"/>');
    expect(text.match(/<resource><Observation>/g)).toHaveLength(2);
    expect(text).toContain('<value value="1.0"/>');
  });

  test('a transaction comes and goes in XML', async () => {
    const entry = (url: string, resource: string) =>
      `<entry><fullUrl value="urn:uuid:${url}"/><resource>${resource.replace(' xmlns="http://hl7.org/fhir"', '')}</resource><request><method value="POST"/><url value="${/<(\w+)/.exec(resource)?.[1]}"/></request></entry>`;
    const patient = '61ebe359-bfdc-4613-8bf2-c5e300945f0a';
    const response = await send(
      'POST',
      '',
      `<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/>${entry(patient, '<Patient/>')}${entry('88f151c0-a954-468a-88bd-5ae15c08e059', observation('3.00', `urn:uuid:${patient}`))}</Bundle>`,
    );
    const text = await response.text();
    expect([response.status, text.match(/<status value="201/g)?.length]).toEqual([200, 2]);
    const id = /<location value="Patient\/([^/]+)/.exec(text)?.[1];
    expect(await (await get(`/Observation?subject=Patient/${id}&_format=xml`)).text()).toContain(
      '<value value="3.00"/>',
    );
  });

  test('errors are in XML where XML was asked for, whatever fails', async () => {
    const outcome = async (response: Response, status: number, diagnostics: RegExp) => {
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain(XML);
      const text = await response.text();
      expect(text).toContain('<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/>');
      expect(text).toMatch(diagnostics);
    };
    await outcome(await get('/Patient/none', XML), 404, /Patient\/none is not known/);
    await outcome(await get('/Patient?nonsense=1&_format=xml'), 400, /nonsense/);
    await outcome(await send('POST', '/Patient', '<Patient'), 400, /line 1, column/);
    await outcome(await send('POST', '/Patient', ''), 400, /no body/);
    const dtd =
      '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><id value="&e;"/></Patient>';
    await outcome(await send('POST', '/Patient', dtd), 400, /document type/);
    await outcome(
      await send('POST', '/Patient', '<Patient xmlns="http://hl7.org/fhir"><birthDate value="x"/></Patient>'),
      400,
      /<expression value="Patient.birthDate"\/>/,
    );
    await outcome(await send('POST', '/Patient', '{"resourceType":"Patient"}'), 400, /malformed/);
  });

  test('what XML cannot carry is refused by name when read, and not lost when written', async () => {
    // A noncharacter: FHIR's strings may hold it, XML 1.0 may not.
    const strange = { resourceType: 'Basic', code: { text: 'a\uffff' } };
    const created = await c.post('/fhir/Basic', strange, { accept: XML });
    // The write stands and is told in JSON.
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toContain('json');
    const { id } = await json(created);
    const response = await get(`/Basic/${id}`, XML);
    expect(response.status).toBe(406);
    expect(await response.text()).toContain('U+FFFF');
  });

  test('the capability statement says so, in XML too', async () => {
    const statement = await (await get('/metadata?_format=xml')).text();
    expect(statement).toContain('<format value="xml"/><format value="application/fhir+xml"/>');
    expect(statement).toContain('<patchFormat value="application/xml-patch+xml"/>');
  });
});

describe('XML Patch', () => {
  const start = `<Patient xmlns="http://hl7.org/fhir"><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class='a'>x&#160;</p></div></text><extension url="http://e.org/a"><valueDecimal value="1.10"/></extension><active value="true"/><name><use value="official"/><family value="Old"/></name><name><use value="nickname"/><given value="N"/></name><birthDate value="1970-01-01"/></Patient>`;
  const patched = async (operations: string, type = 'application/xml-patch+xml') => {
    const location = (await send('POST', '/Patient', start)).headers.get('location') ?? '';
    const id = location.split('/').at(-3);
    return send('PATCH', `/Patient/${id}`, `<diff xmlns:f="http://hl7.org/fhir">${operations}</diff>`, {
      'content-type': type,
    });
  };

  test('adds, replaces and removes elements and attributes, and leaves the rest to the letter', async () => {
    const response = await patched(`
      <replace sel="f:Patient/f:birthDate/@value">1980-02-02</replace>
      <replace sel="f:Patient/f:name[f:use/@value='official']/f:family"><f:family value="New"/></replace>
      <add sel="f:Patient/f:name[2]" pos="after"><name xmlns="http://hl7.org/fhir"><given value="Third"/></name></add>
      <add sel="f:Patient/f:name[2]/f:use" type="@id">u1</add>
      <add sel="f:Patient"><f:gender value="female"/></add>
      <remove sel="f:Patient/f:active"/>`);
    expect(response.status).toBe(200);
    const text = (await response.text()).replace(/^.*?<\/meta>/s, '');
    expect(text).toBe(
      `<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class='a'>x&#160;</p></div></text><extension url="http://e.org/a"><valueDecimal value="1.10"/></extension><name><use value="official"/><family value="New"/></name><name><use id="u1" value="nickname"/><given value="N"/></name><name><given value="Third"/></name><gender value="female"/><birthDate value="1980-02-02"/></Patient>`,
    );
  });

  test.each([
    ['<remove sel="f:Patient/f:name"/>', /Operation 0 of the patch: the selector 'f:Patient\/f:name' matches 2 nodes/],
    ['<remove sel="f:Patient/f:photo"/>', /matches 0 nodes/],
    ['<remove sel="x:Patient"/>', /prefix x is not declared/],
    ['<remove sel="f:Patient/f:name[position()=1]"/>', /no predicate such as/],
    ['<remove sel="f:Patient"/>', /must leave one resource/],
    ['<move sel="f:Patient"/>', /move&gt; is not one of add, replace, remove/],
    ['<replace sel="f:Patient/f:birthDate/@id">x</replace>', /there is no attribute id/],
    ['<add sel="f:Patient"><f:nom value="x"/></add>', /has no element .*nom/],
    ['<replace sel="f:Patient/f:birthDate/@value">soon</replace>', /soon/],
    ['', /<status value|Patient/],
  ])('%s is answered precisely', async (operations, diagnostics) => {
    const response = await patched(operations);
    expect(response.status).toBe(operations === '' ? 200 : 400);
    expect(await response.text()).toMatch(diagnostics);
  });

  test('a FHIRPath Patch comes in XML as well', async () => {
    const id = (await json(await c.post('/fhir/Patient', { resourceType: 'Patient', gender: 'female' }))).id;
    const part = (name: string, value: string) => `<part><name value="${name}"/>${value}</part>`;
    const body = `<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>${part('type', '<valueCode value="replace"/>')}${part('path', '<valueString value="Patient.gender"/>')}${part('value', '<valueCode value="other"/>')}</parameter></Parameters>`;
    const response = await send('PATCH', `/Patient/${id}`, body);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<gender value="other"/>')]);
  });
});
