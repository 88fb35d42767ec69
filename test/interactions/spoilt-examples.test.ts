import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { KNOWN_INVALID } from '../conformance/known-invalid-examples.ts';
import { type Mutation, mutations } from '../conformance/mutation.ts';
import { officialExamples } from '../conformance/official-examples.ts';
import { type Living, living } from './living.ts';

const KINDS = ['missing', 'wrong-json-type', 'bad-code', 'unknown', 'second-choice'] as const;

/** Ways that R4 leaves no place for: no element of theirs has a list of codes, or more than one type. */
const IMPOSSIBLE = ['Binary bad-code', 'Binary second-choice', 'Bundle second-choice'];

/** Types of which every published example is invalid, by the one element that makes it so. */
const INVALID_ELEMENT: Readonly<Record<string, string>> = {
  DeviceMetric: 'parent',
  DeviceUseStatement: 'reasonReference',
  EventDefinition: 'text',
};

const text = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' };

/** Types of which nothing is published. */
const UNPUBLISHED: readonly Resource[] = [
  {
    resourceType: 'Parameters',
    parameter: [
      { name: 'a', valueIdentifier: { use: 'usual', value: '1' } },
      { name: 'b', valueBoolean: true },
    ],
  },
  { resourceType: 'SubstanceNucleicAcid', text, numberOfSubunits: 1 },
  { resourceType: 'SubstancePolymer', text, modification: ['x'] },
  { resourceType: 'SubstanceProtein', text, numberOfSubunits: 2 },
  { resourceType: 'SubstanceReferenceInformation', text, comment: 'x' },
  { resourceType: 'SubstanceSourceMaterial', text, organismName: 'x' },
];

/** Larger examples have no kind of place that smaller ones of their type lack. */
const LARGEST_BYTES = 12_000;
/** How many of one kind are tried in one type. */
const MOST = 4;
const EXAMPLES = 8;

let it: Living;
beforeAll(async () => {
  it = await living({ referentialIntegrity: false });
});
afterAll(() => it.stop());

const registry = loadRegistry();
const size = (resource: Resource): number => JSON.stringify(resource).length;

/** A few valid resources of every type, the smallest first. */
function examplesByType(): ReadonlyMap<string, readonly Resource[]> {
  const byType = new Map<string, Resource[]>(UNPUBLISHED.map((resource) => [resource.resourceType, [resource]]));
  for (const { file, resource: published } of officialExamples()) {
    const { resourceType } = published;
    const known = byType.get(resourceType) ?? [];
    byType.set(resourceType, known);
    const { [INVALID_ELEMENT[resourceType] ?? '']: _invalid, ...resource } = published;
    if (file in KNOWN_INVALID && !(resourceType in INVALID_ELEMENT)) continue;
    if (known.length < 100) known.push({ ...resource, resourceType });
  }
  const chosen = (resources: readonly Resource[]): readonly Resource[] => {
    const sorted = resources
      .map((resource) => ({ resource, bytes: size(resource) }))
      .toSorted((a, b) => a.bytes - b.bytes);
    return sorted
      .filter(({ bytes }, at) => at === 0 || bytes < LARGEST_BYTES)
      .slice(0, EXAMPLES)
      .map((one) => one.resource);
  };
  return new Map([...byType].map(([type, resources]) => [type, chosen(resources)]));
}

/** Ways of spoiling that all have which may be extended, whatever their own elements. */
function* extensionMutations(resource: Resource): Generator<Mutation> {
  const type = resource.resourceType;
  if (!registry.type(type)?.elements.some(({ name }) => name === 'extension')) return;
  const spoilt = (kind: Mutation['kind'], element: string, extension: Readonly<Record<string, string | boolean>>) => ({
    kind,
    expression: `${type}.extension[0]${element}`,
    resource: { ...resource, extension: [extension] },
  });
  yield spoilt('missing', '.url', { valueString: 'x' });
  yield spoilt('second-choice', '', { url: 'http://example.org/e', valueString: 'x', valueBoolean: true });
}

function* allMutations(resources: readonly Resource[]): Generator<Mutation> {
  for (const resource of resources) {
    yield* extensionMutations(resource);
    yield* mutations(registry, resource);
  }
}

/** Some of each kind. */
function someMutations(resources: readonly Resource[]): readonly Mutation[] {
  const found = new Map<string, Mutation[]>(KINDS.map((kind) => [kind, []]));
  for (const mutation of allMutations(resources)) {
    const alike = found.get(mutation.kind);
    if (alike !== undefined && alike.length < MOST) alike.push(mutation);
    if ([...found.values()].every(({ length }) => length === MOST)) break;
  }
  return [...found.values()].flat();
}

interface Outcome {
  readonly issue?: readonly { readonly severity: string; readonly expression?: readonly string[] }[];
}

/** What is wrong with the answer to a spoilt resource; undefined where it is refused at its place. */
async function complaint({ kind, expression, resource }: Mutation): Promise<string | undefined> {
  const { resourceType, id = 'x' } = resource;
  const { status, body } = await it.ask('PUT', `${resourceType}/${id}`, { ...resource, id });
  const { issue = [] }: Outcome = body;
  const places = issue.flatMap((one) => (one.severity === 'error' ? (one.expression ?? []) : []));
  const isNamed = places.some((place) =>
    kind === 'second-choice' ? place.startsWith(expression) : place === expression,
  );
  if (isNamed && status >= 400 && status < 500) return undefined;
  return `${kind} at ${expression}: ${status} ${places.join(', ')}`;
}

test('an example of every type, spoilt in one place, is refused with the place named, and nothing is stored', async () => {
  const examples = examplesByType();
  expect([...examples.keys()].toSorted()).toEqual([...registry.resourceTypes].toSorted());
  const complaints: string[] = [];
  const untried: string[] = [];
  for (const [type, resources] of examples) {
    const [whole] = resources;
    const sound = it.world
      .validate({ id: 'x', ...whole, resourceType: type })
      .filter(({ severity }) => severity === 'error');
    if (sound.length > 0) complaints.push(`${type}: ${JSON.stringify(sound)}`);
    const spoilt = someMutations(resources);
    untried.push(...KINDS.filter((kind) => !spoilt.some((one) => one.kind === kind)).map((kind) => `${type} ${kind}`));
    for (const wrong of await Promise.all(spoilt.map(complaint))) if (wrong !== undefined) complaints.push(wrong);
  }
  expect(complaints).toEqual([]);
  expect(untried).toEqual(IMPOSSIBLE);
  expect((await it.ask('GET', '_history')).body.entry ?? []).toEqual([]);
}, 120_000);
