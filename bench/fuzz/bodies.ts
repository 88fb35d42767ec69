import { gzipSync } from 'node:zlib';
import type { JsonObject, Resource } from '../../src/fhir/resource.ts';
import type { Material } from './material.ts';
import { form, fhirJson, fhirXml, jsonPatch, STATED_TYPES, xmlPatch } from './media-types.ts';
import { damaged, mutatedJson, mutatedXml } from './mutate.ts';
import { oddText } from './odd-values.ts';
import { fhirPathOf, fhirPathPatchOf, jsonPatchOf, xmlPatchOf } from './patches.ts';
import type { Random } from './random.ts';
import { searchQuery } from './searches.ts';

export interface Body {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly encoding?: string;
}
const json = (bytes: Buffer | string): Body => ({ bytes: Buffer.from(bytes), contentType: fhirJson });

/** A resource to be created or to replace the one with this id: two thirds of them mutated. */
export function resourceBody(random: Random, material: Material, resource: Resource, id: string | undefined): Body {
  const { id: _own, ...rest } = resource;
  const text = JSON.stringify(id === undefined ? rest : { ...rest, id });
  if (random.chance(0.12)) {
    const xml = random.pick(material.xml);
    return { bytes: random.chance(0.3) ? Buffer.from(xml) : mutatedXml(random, xml), contentType: fhirXml };
  }
  const body = json(random.chance(0.33) ? text : mutatedJson(random, text));
  if (random.chance(0.05)) return { ...body, contentType: random.pick(STATED_TYPES) };
  if (random.chance(0.02)) {
    const packed = gzipSync(body.bytes);
    return {
      ...body,
      bytes: random.chance(0.5) ? packed : damaged(random, packed),
      encoding: random.pick(['gzip', 'br', 'deflate', 'zip']),
    };
  }
  return body;
}

/** A search parameter of a client's own, its expression valid or not. */
export const searchParameterOf = (random: Random): Resource => ({
  resourceType: 'SearchParameter',
  url: `http://fuzz.test/SearchParameter/${random.below(20)}`,
  name: 'Fuzzed',
  status: random.pick(['active', 'draft', 'retired']),
  description: 'x',
  code: random.chance(0.8) ? `fuzz-${random.below(20)}` : oddText(random),
  base: [random.pick(['Patient', 'Observation', 'Resource', 'DomainResource', 'Bogus'])],
  type: random.pick(['string', 'token', 'date', 'number', 'reference', 'quantity', 'uri', 'composite', 'special']),
  expression: fhirPathOf(random),
});

function entryOf(random: Random, material: Material): JsonObject {
  const resource = random.pick(material.resources);
  const type = resource.resourceType;
  const id = random.chance(0.5) ? `f${random.below(200)}` : (resource.id ?? 'a');
  const url = random.pick([
    type,
    `${type}/${id}`,
    `${type}?${searchQuery(random, material, type).slice(0, 2000)}`,
    `${type}/${id}/_history`,
    `${type}/$validate`,
    'metadata',
    '',
    '/',
    'http://elsewhere.test/Patient/1',
    oddText(random).slice(0, 500),
  ]);
  const method = random.pick(
    random.chance(0.95) ? ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'] : ['get', 'BOGUS', ''],
  );
  return {
    fullUrl: random.pick([
      'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
      `urn:uuid:${random.below(9)}`,
      `http://x.test/${type}/1`,
      oddText(random).slice(0, 100),
    ]),
    ...(random.chance(0.8) && { resource: random.chance(0.1) ? { ...resource, id } : resource }),
    ...(random.chance(0.95) && {
      request: {
        method,
        url,
        ...(random.chance(0.1) && { ifNoneExist: searchQuery(random, material, type).slice(0, 1000) }),
        ...(random.chance(0.1) && { ifMatch: random.pick(['W/"1"', '"1"', 'x', '*']) }),
        ...(random.chance(0.05) && { ifNoneMatch: '*' }),
      },
    }),
  };
}

/** A batch, a transaction, or something that claims to be one. */
export function bundleBody(random: Random, material: Material): Body {
  const type = random.pick(random.chance(0.95) ? ['batch', 'transaction'] : ['document', 'collection', 'bogus']);
  const text = JSON.stringify({
    resourceType: 'Bundle',
    type,
    entry: random.several(0, 5, () => entryOf(random, material)),
  });
  return json(random.chance(0.5) ? text : mutatedJson(random, text));
}

/** A patch in any of its formats, some stated as another. */
export function patchBody(random: Random): Body {
  const [text, contentType] = random.pick<readonly [string, string]>([
    [jsonPatchOf(random), jsonPatch],
    [fhirPathPatchOf(random), fhirJson],
    [xmlPatchOf(random), xmlPatch],
  ]);
  const bytes = random.chance(0.6)
    ? Buffer.from(text)
    : contentType === xmlPatch
      ? mutatedXml(random, text)
      : mutatedJson(random, text);
  return { bytes, contentType: random.chance(0.05) ? random.pick(STATED_TYPES) : contentType };
}

/** The form of a search by POST. */
export function formBody(random: Random, material: Material, type: string): Body {
  const bytes = Buffer.from(searchQuery(random, material, type));
  return {
    bytes: random.chance(0.2) ? damaged(random, bytes) : bytes,
    contentType: random.chance(0.9) ? form : random.pick(STATED_TYPES),
  };
}

const MIB = 1_048_576;

/** Bodies whose size or depth is the attack: too large, too deep, too many, or small only while compressed. */
export function hugeBody(random: Random): Body {
  const made = random.pick<() => Body>([
    () => json(Buffer.alloc(40 * MIB, ' ')),
    () => json(`{"resourceType":"Patient","name":${'['.repeat(4 * MIB)}`),
    () => json(`{"resourceType":"Patient","name":[${'{"family":"a"},'.repeat(50_000)}{"family":"a"}]}`),
    () => json(`{"resourceType":"Patient","birthDate":"${'9'.repeat(8 * MIB)}"}`),
    () => json(`{"resourceType":"Basic","code":{"text":"${'a'.repeat(2 * MIB)}"}}`),
    () =>
      json(
        `{"resourceType":"Bundle","type":"batch","entry":[${'{"request":{"method":"GET","url":"metadata"}},'.repeat(6000)}null]}`,
      ),
    () => json(`{"resourceType":"Patient","multipleBirthInteger":${'9'.repeat(MIB)}}`),
    () => json(`{${Array.from({ length: 50_000 }, (_, n) => `"m${n}":1`).join()}}`),
    () => ({ ...json(gzipSync(Buffer.alloc(200 * MIB, ' '))), encoding: 'gzip' }),
    () => ({
      bytes: Buffer.from(`<Patient xmlns="http://hl7.org/fhir">${'<extension>'.repeat(400_000)}`),
      contentType: fhirXml,
    }),
    () => ({ bytes: Buffer.from(Array.from({ length: 10_000 }, (_, n) => `_id=${n}`).join('&')), contentType: form }),
    () => ({
      bytes: Buffer.from(`_id=${Array.from({ length: 10_000 }, (_, n) => `a${n}`).join()}`),
      contentType: form,
    }),
    () => ({
      bytes: Buffer.from(`name=${Array.from({ length: 10_000 }, (_, n) => `a${n}`).join()}`),
      contentType: form,
    }),
    () => ({
      bytes: Buffer.from(
        JSON.stringify(Array.from({ length: 20_000 }, () => ({ op: 'add', path: '/name/0', value: {} }))),
      ),
      contentType: jsonPatch,
    }),
    () => ({
      bytes: Buffer.from(
        JSON.stringify([
          { op: 'add', path: '/contact', value: [] },
          ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '', path: '/contact/-' })),
        ]),
      ),
      contentType: jsonPatch,
    }),
  ]);
  return made();
}
