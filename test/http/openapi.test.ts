import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { operations } from '../../operations/index.ts';
import { openApiDocument } from '../../src/http/openapi/document.ts';
import { ofType } from '../../src/http/openapi/of-type.ts';
import { capabilityStatement } from '../../src/interactions/capability-statement.ts';
import { ROUTES } from '../../src/interactions/routes.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';
import { type Serving, serving } from './serving.ts';

// What the tests read of the two documents.
interface Named {
  readonly name: string;
  readonly definition: string;
}
interface Statement {
  readonly rest: readonly {
    readonly resource: readonly {
      readonly type: string;
      readonly interaction: readonly { readonly code: string }[];
      readonly searchParam: readonly Named[];
      readonly operation?: readonly Named[];
    }[];
    readonly interaction: readonly { readonly code: string }[];
    readonly operation?: readonly Named[];
  }[];
}
type Described = Record<
  'get' | 'post' | 'put' | 'delete' | 'patch',
  | {
      readonly operationId: string;
      readonly externalDocs?: { readonly url: string };
      readonly parameters?: readonly { readonly name?: string; readonly $ref?: string; readonly in?: string }[];
      readonly security?: readonly unknown[];
    }
  | undefined
>;
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Described>;
  readonly components: Record<string, Record<string, { readonly required: readonly string[] }>>;
}

let it: Living;
let document: Document;
let statement: Statement['rest'][number];
beforeAll(async () => {
  it = await living({
    operations: operations({ models: [], languageModel: undefined, sanitizePhi: true }).map(served),
  });
  document = JSON.parse(JSON.stringify(openApiDocument(it.world, ROUTES)));
  [statement] = (JSON.parse(JSON.stringify(capabilityStatement(it.world, ROUTES, 0))) as Statement).rest as [
    Statement['rest'][number],
  ];
});
afterAll(() => it.stop());

describe('the OpenAPI description', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, validator.version]).toEqual([true, '3.1']);
  });

  test('has every route, for every type that has it, and no path beside routes and operations', () => {
    const wanted = new Set<string>();
    for (const { method, pattern } of ROUTES) {
      const types = pattern.includes(':inner') ? ['Patient'] : it.world.registry.resourceTypes;
      const path = `/${pattern.replace(/:(id|version|inner)/g, '{$1}')}`;
      for (const type of pattern.includes(':type') ? types : [''])
        wanted.add(`${method} ${path.replace(':type', type)}`);
    }
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      path.includes('$') ? [] : Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(
      described.filter((each) => !wanted.has(each) && !/^(GET|POST) \/[A-Z]\w+\/\{id\}\/\{inner\}/.test(each)),
    ).toEqual([]);
    expect([...wanted].filter((each) => !described.includes(each))).toEqual([]);
  });

  test('has the search parameters that the capability statement states, type by type', () => {
    for (const { type, searchParam } of statement.resource) {
      const parameters = document.paths[`/${type}`]?.get?.parameters ?? [];
      const names = parameters.map(({ name, $ref }) => name ?? $ref?.split('/').at(-1));
      expect([type, searchParam.map(({ name }) => name).filter((name) => !names.includes(name))]).toEqual([type, []]);
    }
    expect(statement.resource).toHaveLength(it.world.registry.resourceTypes.length);
  });

  test('has the operations that the capability statement states, with their definitions', () => {
    const urls = (paths: readonly (string | undefined)[]) =>
      new Set(
        paths.flatMap((path) => (path === undefined ? [] : (document.paths[path]?.post?.externalDocs?.url ?? []))),
      );
    for (const { name, definition } of statement.operation ?? []) {
      expect(urls([`/$${name}`])).toContain(definition);
    }
    for (const { type, operation = [] } of statement.resource) {
      for (const { name, definition } of operation) {
        const places = [type, '{type}'].flatMap((place) => [`/${place}/$${name}`, `/${place}/{id}/$${name}`]);
        expect(urls(places)).toContain(definition);
      }
    }
    const described = Object.keys(document.paths).flatMap((path) => /\$([a-z-]+)$/.exec(path)?.[1] ?? []);
    expect(new Set(described)).toEqual(new Set(it.world.operations.map(({ code }) => code)));
  });

  test('asks for a token everywhere but at /metadata, and names each operation once', () => {
    const all = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    );
    expect(all.filter(({ operation }) => operation?.security?.length === 0).map(({ path }) => path)).toEqual([
      '/metadata',
    ]);
    const ids = all.map(({ operation }) => operation?.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has a schema for each type with what it requires', () => {
    expect(document.components['schemas']?.['Observation']?.required).toEqual(['resourceType', 'status', 'code']);
    expect(Object.keys(document.components['schemas'] ?? {})).toEqual(['Resource', ...it.world.registry.resourceTypes]);
  });
});

test('the part of one type is valid alone and holds all of that type', async () => {
  const part = JSON.parse(JSON.stringify(ofType(openApiDocument(it.world, ROUTES), 'Observation'))) as Document;
  const whole = Object.keys(document.paths).filter((path) => /^\/Observation(\/|$)/.test(path));
  expect(Object.keys(part.paths).filter((path) => /^\/[A-Z]/.test(path))).toEqual(whole);
  const dangling = [...JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)].filter(
    ([, kind = '', name = '']) => !(name in (part.components[kind] ?? {})),
  );
  expect(dangling).toEqual([]);
  expect((await new Validator().validate(JSON.parse(JSON.stringify(part)))).valid).toBe(true);
  expect(JSON.stringify(part).length).toBeLessThan(100_000);
});

describe('the documentation served', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
  });
  afterAll(() => server.stop());

  test('is open, can be cached, and is small on the wire', async () => {
    const response = await fetch(`${server.origin}/openapi.json`);
    const tag = response.headers.get('etag') ?? '';
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('content-encoding')).toMatch(/br|gzip/);
    expect(((await response.json()) as Document).openapi).toBe('3.1.0');
    const again = await fetch(`${server.origin}/openapi.json`, { headers: { 'if-none-match': tag } });
    expect(again.status).toBe(304);
    const part = (await (await fetch(`${server.origin}/openapi.json?type=Patient`)).json()) as Document;
    expect(Object.keys(part.paths)).toContain('/Patient/{id}');
    expect((await fetch(`${server.origin}/openapi.json?type=Nothing`)).status).toBe(400);
  });

  test('Swagger UI comes from this server alone, under a policy that allows nothing else', async () => {
    const page = await fetch(`${server.origin}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.every((file) => file.startsWith('/'))).toBe(true);
    for (const file of files) expect([file, (await fetch(server.origin + file)).status]).toEqual([file, 200]);
    for (const file of ['index.html', 'package.json', '..%2Fpackage.json', 'swagger-ui.js.map']) {
      expect((await fetch(`${server.origin}/docs/${file}`)).status).toBe(404);
    }
  });
});
