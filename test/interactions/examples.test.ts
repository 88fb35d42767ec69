import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { readXml } from '../../src/conformance/xml/read-xml.ts';
import { writeXml } from '../../src/conformance/xml/write-xml.ts';
import { parseJson, writeJson } from '../../src/fhir/json.ts';
import { isObject, isResource, type Resource } from '../../src/fhir/resource.ts';
import { KNOWN_INVALID } from '../conformance/known-invalid-examples.ts';
import { exampleFiles } from '../conformance/official-examples.ts';
import { sameJson } from '../conformance/same-json.ts';
import { type Living, living, type Seen } from './living.ts';

/** All definitions of R4 in one Bundle of 35 MB: a server refuses the body with 413 before anything looks into it. */
const LARGER_THAN_A_BODY = ['Bundle-resources.json'];
const { BODY_LIMIT_BYTES } = loadConfig({ ENVIRONMENT: 'test' });

/** Examples that are stored with other members than they came with, by file, with what the server states itself. */
const STATED_BY_THE_SERVER: Readonly<Record<string, readonly string[]>> = {
  'Subscription-example.json': ['status', 'extension'],
  'Subscription-example-error.json': ['extension'],
};

/** Larger examples are taken through XML by test/conformance/xml.test.ts alone, which has them all. */
const XML_BYTES = 20_000;
const AT_ONCE = 16;

let it: Living;
beforeAll(async () => {
  it = await living({ referentialIntegrity: false });
});
afterAll(() => it.stop());

/** The text that a read must give: members in their order, decimals to the digit, the server's version in meta. */
function expected(sent: Resource, read: Seen, left: readonly string[]): string {
  const { resourceType, id: _id, meta, ...rest } = sent;
  const { versionId, lastUpdated } = read.body.meta;
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = isObject(meta) ? meta : {};
  const stated = Object.fromEntries(left.map((name) => [name, read.body[name]]));
  return writeJson({ resourceType, id: read.body.id, meta: { versionId, lastUpdated, ...kept }, ...rest, ...stated });
}

/** What is wrong with the answers about an example; undefined where nothing is. */
async function complaint(file: string): Promise<string | undefined> {
  const text = readFileSync(file, 'utf8');
  const sent = parseJson(text);
  if (!isResource(sent)) return 'no resource';
  const { resourceType: type, id } = sent;
  const asking = { headers: { prefer: 'return=minimal' } };
  const written = await (id === undefined
    ? it.ask('POST', type, text, asking)
    : it.ask('PUT', `${type}/${id}`, text, asking));
  const invalid = KNOWN_INVALID[basename(file)];
  if (invalid !== undefined) return notRefused(written, invalid.expression);
  if (written.status !== 201 && written.status !== 200) return `${written.status} ${written.text.slice(0, 500)}`;
  const location = written.headers['Location']?.slice(it.world.base.length + 1) ?? '';
  if (id !== undefined && !location.startsWith(`${type}/${id}/`)) return `is at ${location}`;
  const read = await it.ask('GET', location);
  if (read.status !== 200) return `reading it: ${read.status}`;
  const whole = expected(sent, read, STATED_BY_THE_SERVER[basename(file)] ?? []);
  if (read.text !== whole) return 'is read as other JSON';
  return text.length > XML_BYTES ? undefined : otherXml(read.text);
}

function notRefused({ status, body }: Seen, expression: string): string | undefined {
  if (status < 400 || status > 499) return `${status}: it is invalid at ${expression}`;
  // An id that is none is refused in the URL already.
  if (expression.endsWith('.id')) return undefined;
  const named = body.issue.some((issue: { expression?: string[] }) => issue.expression?.includes(expression));
  return named ? undefined : `${status} without ${expression}`;
}

function otherXml(json: string): string | undefined {
  const stored = parseJson(json);
  if (!isResource(stored)) return 'no resource';
  const { registry } = it.world;
  return sameJson(readXml(registry, writeXml(registry, stored, false)), stored) ? undefined : 'is other JSON after XML';
}

test('every official example is stored, read back to the digit and the same through XML; the invalid are refused where they are', async () => {
  const files = exampleFiles();
  const tooLarge = files.filter((file) => statSync(file).size > BODY_LIMIT_BYTES);
  expect(tooLarge.map((file) => basename(file))).toEqual(LARGER_THAN_A_BODY);
  const complaints: string[] = [];
  let count = 0;
  const queue = files.filter((file) => !tooLarge.includes(file)).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const file of queue) {
        const wrong = await complaint(file);
        count += 1;
        if (wrong !== undefined) complaints.push(`${basename(file)}: ${wrong}`);
      }
    }),
  );
  expect(complaints).toEqual([]);
  expect(count).toBeGreaterThan(5300);
}, 300_000);
