import { isObject, isResource, listOf } from '../../src/fhir/resource.ts';
import { accessToken } from '../../demo/server.ts';
import type { Tokens } from './generator.ts';
import { advertised, exampleResources, type Material, patientResource } from './material.ts';
import { fhirJson } from './media-types.ts';

export const tokensFor = (): Tokens => ({
  system: accessToken('--scope', 'system/*.cruds'),
  patient: accessToken('--scope', 'patient/*.cruds', '--patient', 'p1'),
});

const SEARCHED = ['Patient?_count=1&_sort=birthdate', 'Observation?_count=2', 'Patient?_count=1', '_history?_count=1'];

/** Loads the examples and gives back what requests are made of. @throws where the server refuses what must be accepted. */
export async function prepare(origin: string, token: string): Promise<Material> {
  const base = `${origin}/fhir`;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': fhirJson };
  const read = async (path: string): Promise<unknown> => (await fetch(`${base}/${path}`, { headers })).json();
  const statement = await read('metadata');
  if (!isObject(statement)) throw new Error('no CapabilityStatement');
  for (const id of ['p1', 'p2']) {
    const body = JSON.stringify(patientResource(id));
    const answer = await fetch(`${base}/Patient/${id}`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`Patient/${id} was answered ${answer.status}: ${await answer.text()}`);
  }
  const resources = exampleResources();
  let loaded = 0;
  for (const resource of resources) {
    const url = `${base}/${resource.resourceType}/${resource.id}`;
    const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(resource) });
    await answer.arrayBuffer();
    if (answer.status >= 500) throw new Error(`${url} was answered ${answer.status}`);
    if (answer.ok) loaded++;
  }
  if (loaded < resources.length / 2) throw new Error(`only ${loaded} of ${resources.length} examples were accepted`);
  const xml: string[] = [];
  for (const resource of resources.filter((_resource, index) => index % 12 === 0)) {
    const url = `${base}/${resource.resourceType}/${resource.id}?_format=xml`;
    const answer = await fetch(url, { headers });
    if (answer.ok) xml.push(await answer.text());
  }
  const cursors: string[] = [];
  for (const path of SEARCHED) cursors.push(...pagesOf(await read(path)));
  if (cursors.length === 0 || xml.length === 0) throw new Error('no page link or no XML to tamper with');
  return { ...advertised(statement), resources: resources.filter(isResource), xml, cursors };
}

const pagesOf = (bundle: unknown): readonly string[] =>
  listOf(isObject(bundle) ? bundle['link'] : undefined)
    .filter(isObject)
    .flatMap(({ url }) => new URL(String(url)).searchParams.get('_page') ?? []);
