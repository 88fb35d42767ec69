import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isObject, isResource, type Json, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';

/** A search parameter as the server advertises it. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
}
/** What requests are made of: all that the server says it serves, official examples, and texts it gave out itself. */
export interface Material {
  readonly types: readonly string[];
  readonly parameters: ReadonlyMap<string, readonly Parameter[]>;
  readonly includes: readonly string[];
  /** `$name` at system level, `Type/$name` at type level. */
  readonly operations: readonly string[];
  readonly resources: readonly Resource[];
  /** XML of some of them, as the server writes it. */
  readonly xml: readonly string[];
  /** `_page` values of searches and histories. */
  readonly cursors: readonly string[];
}

const EVERY = 8;
const LARGEST = 12_000;
/** A fuzzed endpoint must not be called: nothing of this run leaves the machine. */
const LEFT_OUT: ReadonlySet<string> = new Set(['Subscription', 'Bundle']);

/** Every eighth official R4 example that is not large: all types, all data types. */
export function exampleResources(): readonly Resource[] {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'package.json');
  return files
    .sort()
    .filter((_file, index) => index % EVERY === 0)
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const resource: unknown = text.length > LARGEST ? undefined : JSON.parse(text);
      return isResource(resource) && !LEFT_OUT.has(resource.resourceType) ? [resource] : [];
    });
}

/** Reads a CapabilityStatement. */
export function advertised(statement: JsonObject): Pick<Material, 'types' | 'parameters' | 'includes' | 'operations'> {
  const rest = objects(statement['rest'])[0] ?? {};
  const parameters = new Map<string, readonly Parameter[]>();
  const includes: string[] = [];
  const operations = objects(rest['operation']).map(({ name }) => `$${String(name)}`);
  for (const resource of objects(rest['resource'])) {
    const type = String(resource['type']);
    const own = objects(resource['searchParam']).map((it) => ({ name: String(it['name']), type: String(it['type']) }));
    parameters.set(type, own);
    includes.push(
      ...listOf(resource['searchInclude']).map(String),
      ...listOf(resource['searchRevInclude']).map(String),
    );
    operations.push(...objects(resource['operation']).map(({ name }) => `${type}/$${String(name)}`));
  }
  return { types: [...parameters.keys()], parameters, includes: [...new Set(includes)], operations };
}

const objects = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);

/** A patient whose name makes careless patterns backtrack. */
export const patientResource = (id: string): Resource => ({
  resourceType: 'Patient',
  id,
  active: true,
  name: [{ family: `${'a'.repeat(40)}!`, given: ['P'] }],
  birthDate: '1970-01-01',
});
