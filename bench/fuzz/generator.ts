import { type Body, bundleBody, formBody, hugeBody, patchBody, resourceBody, searchParameterOf } from './bodies.ts';
import type { Material } from './material.ts';
import { ACCEPTED } from './media-types.ts';
import { oddText, percentEncoded } from './odd-values.ts';
import { operationRequest } from './operations.ts';
import { Random } from './random.ts';
import { rawHttp } from './raw-http.ts';
import { type FuzzRequest, jsonRequest } from './request.ts';
import { patientResource } from './material.ts';
import { historyQuery, searchQuery } from './searches.ts';

/** Whom a request comes from: a good token, one bound to a patient, or none that counts. */
export interface Tokens {
  readonly system: string;
  readonly patient: string;
}

/** The request of a serial number: seed, number and material make it, nothing else. */
export function fuzzRequest(
  seed: number,
  serial: number,
  material: Material,
  tokens: Tokens,
  host: string,
): FuzzRequest {
  const random = new Random(seed, serial);
  const chosen = random.share();
  if (chosen < 0.04) return rawHttp(random, host, tokens.system);
  const request = chosen < 0.0405 ? huge(random) : wellFramed(random, material);
  return { ...request, headers: [...request.headers, ...moreHeaders(random, material, tokens)] };
}

/** What patches have changed or removed is brought back. */
const RESTORED = JSON.stringify(patientResource('p1'));

function wellFramed(random: Random, material: Material): FuzzRequest {
  const resource = random.chance(0.03) ? searchParameterOf(random) : random.pick(material.resources);
  const type = random.chance(0.03) ? pathText(random) : resource.resourceType;
  const id = random.chance(0.3)
    ? (resource.id ?? 'a')
    : random.chance(0.1)
      ? pathText(random)
      : `f${random.below(200)}`;
  const made = random.pick<() => FuzzRequest>([
    () => bare('GET', `/fhir/${type}?${searchQuery(random, material, resource.resourceType)}`),
    () => bare('GET', `/fhir/${type}?${searchQuery(random, material, resource.resourceType)}`),
    () => bare('GET', `/fhir?_type=${resource.resourceType}&${searchQuery(random, material, resource.resourceType)}`),
    () =>
      bare(
        'GET',
        `/fhir/Patient/${id}/${random.pick(['*', type])}?${searchQuery(random, material, resource.resourceType)}`,
      ),
    () => withBody('POST', `/fhir/${type}/_search`, formBody(random, material, resource.resourceType)),
    () =>
      bare(random.pick(['GET', 'HEAD']), `/fhir/${type}/${id}${queryTail(random, material, resource.resourceType)}`),
    () =>
      bare(
        'GET',
        `/fhir/${random.pick(['', `${type}/`, `${type}/${id}/`])}_history${random.chance(0.8) ? `?${historyQuery(random)}` : queryTail(random, material, resource.resourceType)}`,
      ),
    () => bare('GET', `/fhir/${type}/${id}/_history/${random.chance(0.6) ? random.below(5) : pathText(random)}`),
    () => withBody('POST', `/fhir/${type}`, resourceBody(random, material, resource, undefined)),
    () => withBody('POST', `/fhir/${type}`, resourceBody(random, material, resource, undefined)),
    () => withBody('PUT', `/fhir/${type}/${id}`, resourceBody(random, material, resource, id)),
    () => withBody('PUT', `/fhir/${type}/${id}`, resourceBody(random, material, resource, id)),
    () =>
      withBody(
        'PUT',
        `/fhir/${type}?${searchQuery(random, material, resource.resourceType)}`,
        resourceBody(random, material, resource, undefined),
      ),
    () =>
      withBody(
        'PATCH',
        `/fhir/${random.pick([`Patient/${id}`, `${type}/${id}`, `${type}?_id=${id}`])}`,
        patchBody(random),
      ),
    () => withBody('PATCH', `/fhir/Patient/${random.pick(['p1', 'p2'])}`, patchBody(random)),
    () => jsonRequest('PUT', '/fhir/Patient/p1', RESTORED),
    () => bare('DELETE', `/fhir/${type}/${id}`),
    () => bare('DELETE', `/fhir/${type}?_id=f${random.below(200)}`),
    () => withBody('POST', random.pick(['/fhir', '/fhir/', '/fhir?_format=json']), bundleBody(random, material)),
    () => withBody('POST', '/fhir', bundleBody(random, material)),
    () => operationRequest(random, material),
    () => bare(random.pick(['GET', 'OPTIONS', 'TRACE', 'PROPFIND', 'POST', 'M-SEARCH']), elsewhere(random)),
  ]);
  return made();
}

const bare = (method: string, target: string): FuzzRequest => ({ method, target: ascii(target), headers: [] });

const withBody = (method: string, target: string, { bytes, contentType, encoding }: Body): FuzzRequest => ({
  method,
  target: ascii(target),
  headers: [
    ...(contentType === '' ? [] : [['Content-Type', contentType] as const]),
    ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
  ],
  body: bytes,
});

function huge(random: Random): FuzzRequest {
  const body = hugeBody(random);
  const where: readonly [method: string, target: string] = body.contentType.includes('form')
    ? ['POST', '/fhir/Patient/_search']
    : body.contentType.includes('patch')
      ? ['PATCH', '/fhir/Patient/p1']
      : ['POST', random.pick(['/fhir/Patient', '/fhir', '/fhir/Patient/$validate'])];
  return withBody(...where, body);
}

/** Not more than fits the request line; what has no place there is percent-encoded. */
const ascii = (target: string): string =>
  target.replaceAll(/[^!-~]/gu, (character) => percentEncoded(character)).slice(0, 15_900);

const pathText = (random: Random): string =>
  random.chance(0.5)
    ? percentEncoded(oddText(random)).slice(0, 2000)
    : oddText(random)
        .replaceAll(/[?#\s]/g, '')
        .slice(0, 2000);

const queryTail = (random: Random, material: Material, type: string): string =>
  random.chance(0.5) ? `?${searchQuery(random, material, type)}` : '';

const elsewhere = (random: Random): string =>
  random.pick([
    '/',
    '/health',
    '/ready',
    '/docs',
    '/docs/../../etc/passwd',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/openapi.json',
    '/fhir/metadata?mode=x',
    '/fhir/metadata',
    '/fhir/.well-known/smart-configuration',
    '/page.css',
    `/page/${pathText(random)}`,
    `/${pathText(random)}`,
    `/fhir/${pathText(random)}/${pathText(random)}`,
    '/fhir/%zz',
    '/fhir//Patient',
    '/fhir/Patient/',
    '/fhirx',
  ]);

/** Header values that HTTP can carry. */
const headerText = (random: Random): string =>
  oddText(random)
    .replaceAll(/[^ -~]/gu, '')
    .slice(0, 3000);

function moreHeaders(random: Random, material: Material, tokens: Tokens): readonly (readonly [string, string])[] {
  const chosen = random.share();
  if (chosen < 0.45) return [];
  if (chosen < 0.55) return [['Prefer', 'handling=lenient']];
  if (chosen < 0.6)
    return [
      [
        'Authorization',
        random.pick([
          '',
          'Bearer',
          'Bearer ',
          'Basic eDp5',
          `Bearer ${tokens.system}x`,
          `Bearer ${'a.'.repeat(3000)}`,
          `bearer ${headerText(random)}`,
        ]),
      ],
    ];
  if (chosen < 0.66) return [['Authorization', `Bearer ${tokens.patient}`]];
  return random.several(1, 2, () =>
    random.pick<() => readonly [string, string]>([
      () => ['Accept', random.chance(0.9) ? random.pick(ACCEPTED) : headerText(random)],
      () => ['If-Match', random.pick(['W/"1"', '"1"', '1', '*', 'W/"1", W/"2"', headerText(random)])],
      () => ['If-None-Match', random.pick(['W/"1"', '*', headerText(random)])],
      () => ['If-Modified-Since', random.pick(['Sat, 01 Jan 2050 00:00:00 GMT', 'x', headerText(random)])],
      () => ['If-None-Exist', random.pick(['_id=a', '?', searchQuery(random, material, 'Patient').slice(0, 4000)])],
      () => [
        'Prefer',
        random.pick([
          'return=minimal',
          'return=OperationOutcome',
          'handling=lenient',
          'respond-async',
          headerText(random),
        ]),
      ],
      () => ['X-Request-Id', headerText(random)],
      () => ['X-Forwarded-For', random.pick(['1.2.3.4', headerText(random)])],
      () => ['Accept-Encoding', random.pick(['identity', 'x;q=0', 'gzip;q=0', headerText(random)])],
      () => ['Origin', random.pick(['http://x.test', 'null', headerText(random)])],
      () => ['Idempotency-Key', random.pick(['k1', headerText(random)])],
      () => ['X-Provenance', random.chance(0.5) ? '{"resourceType":"Provenance"}' : headerText(random)],
      () => ['X-HTTP-Method-Override', 'DELETE'],
      () => ['Range', 'bytes=0-1'],
    ])(),
  );
}
