import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import { instantText } from '../fhir/period.ts';
import type { JsonObject, Resource } from '../fhir/resource.ts';
import { PATCH_FORMATS } from './patch-formats.ts';
import type { Interaction, Route, ServedOperation, World } from './context.ts';

const SYSTEM: readonly Interaction[] = ['transaction', 'history-system', 'search-system'];

/** The CapabilityStatement (capabilitystatement.html), made from the routes, the registry and the operations: what it says is what is served. */
export function capabilityStatement(world: World, routes: readonly Route[], at: number): Resource {
  return {
    resourceType: 'CapabilityStatement',
    id: 'novamind',
    url: `${world.base}/metadata`,
    version: world.version,
    name: 'NovaMind',
    title: 'NovaMind FHIR R4 server',
    status: 'active',
    date: instantText(at),
    kind: 'instance',
    software: { name: 'NovaMind', version: world.version },
    implementation: { description: 'FHIR R4 interoperability server for psychiatric care', url: world.base },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json', 'xml', 'application/fhir+xml'],
    patchFormat: [...PATCH_FORMATS],
    rest: [
      {
        mode: 'server',
        security: security(world),
        resource: world.registry.resourceTypes.map((type) => resourceOf(world, routes, type)),
        interaction: systemInteractions(routes),
        ...searchParamOf(commonParams(world.registry)),
        ...operationsOf(world, ({ levels }) => levels.system),
        compartment: world.registry.compartmentOwners.map(compartmentUrl),
      },
    ],
  };
}

/** R4 publishes them by the owner's name in lower camel case. */
const compartmentUrl = (owner: string): string =>
  `http://hl7.org/fhir/CompartmentDefinition/${owner.charAt(0).toLowerCase()}${owner.slice(1)}`;

/** SMART endpoints, where there is an authorization server (SMART App Launch 2.2). */
function security({ smart, cors }: World): JsonObject {
  const service = {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
        code: 'SMART-on-FHIR',
        display: 'SMART-on-FHIR',
      },
    ],
  };
  if (smart === undefined) return { cors, service: [service] };
  const extension = {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: [
      { url: 'token', valueUri: smart.token },
      { url: 'authorize', valueUri: smart.authorize },
    ],
  };
  return { extension: [extension], cors, service: [service] };
}

/** A transaction route serves batches too. */
function systemInteractions(routes: readonly Route[]): readonly JsonObject[] {
  const served = SYSTEM.filter((code) => routes.some(({ interaction }) => interaction === code));
  return served.flatMap((code) => (code === 'transaction' ? [{ code }, { code: 'batch' }] : [{ code }]));
}

function resourceOf(world: World, routes: readonly Route[], type: string): JsonObject {
  const { registry } = world;
  const params = registry.searchParameters(type);
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction: typeInteractions(routes).map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'multiple',
    referencePolicy: ['literal', 'logical'],
    ...(isJoined(type) && includesOf(registry, type, params)),
    ...searchParamOf(params, isJoined(type)),
    ...operationsOf(world, ({ levels, types }) => (levels.type || levels.instance) && (types?.includes(type) ?? true)),
  };
}

const typeInteractions = (routes: readonly Route[]): readonly Interaction[] => [
  ...new Set(routes.filter(({ pattern }) => pattern.startsWith(':type')).map(({ interaction }) => interaction)),
];

/** Those that every resource has: what a search of the whole system takes. */
function commonParams(registry: Registry): ReadonlyMap<string, SearchParameterDefinition> {
  const [first = ''] = registry.resourceTypes;
  return new Map([...registry.searchParameters(first)].filter(([code]) => code.startsWith('_')));
}

/** The log is rendered, not stored: its search joins nothing to it (audit-event-search.ts). */
const isJoined = (type: string): boolean => type !== 'AuditEvent';

function searchParamOf(params: ReadonlyMap<string, SearchParameterDefinition>, joined = true): JsonObject {
  const defined = [...params.values()]
    .filter(({ pending }) => !pending)
    .map(({ code, url, type, description }) => ({
      name: code,
      definition: url,
      type,
      ...(description !== '' && { documentation: description }),
    }));
  const others = WITHOUT_DEFINITION.filter(({ name }) => joined || name === '_filter');
  const searchParam = defined.length > 0 ? [...defined, ...others] : [];
  return searchParam.length > 0 ? { searchParam } : {};
}

/** What every search takes besides: R4 describes them and publishes no SearchParameter (search.html#all). */
const WITHOUT_DEFINITION = [
  { name: '_filter', type: 'special', documentation: 'An expression of comparisons (search_filter.html)' },
  { name: '_has', type: 'special', documentation: 'What refers to the resource (search.html#has)' },
  { name: '_list', type: 'special', documentation: 'The items of a List, by its id (search.html#list)' },
];

function includesOf(
  registry: Registry,
  type: string,
  params: ReadonlyMap<string, SearchParameterDefinition>,
): JsonObject {
  const forward = [...params.values()]
    .filter((param) => param.type === 'reference' && !param.pending)
    .map(({ code }) => `${type}:${code}`);
  const reverse = reverseIncludes(registry).get(type) ?? [];
  return {
    ...(forward.length > 0 && { searchInclude: ['*', ...forward] }),
    ...(reverse.length > 0 && { searchRevInclude: reverse }),
  };
}

const REVERSE = new WeakMap<object, ReadonlyMap<string, readonly string[]>>();

/** For each type, the `Source:param` that may point at it. */
function reverseIncludes(registry: Registry): ReadonlyMap<string, readonly string[]> {
  const known = REVERSE.get(registry.searchEpoch);
  if (known !== undefined) return known;
  const reverse = new Map<string, string[]>();
  for (const source of registry.resourceTypes.filter(isJoined)) {
    for (const param of registry.searchParameters(source).values()) {
      if (param.type !== 'reference' || param.pending) continue;
      for (const target of param.targets) {
        reverse.set(target, [...(reverse.get(target) ?? []), `${source}:${param.code}`]);
      }
    }
  }
  REVERSE.set(registry.searchEpoch, reverse);
  return reverse;
}

function operationsOf(world: World, served: (operation: ServedOperation) => boolean): JsonObject {
  const operation = world.operations
    .filter(served)
    .map(({ code, definition }) => ({ name: code, definition: definition.url }));
  return operation.length > 0 ? { operation } : {};
}
