import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readProfiles, readPublished } from '../../src/conformance/profiles-folder.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import { parseJson } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { withSampledData } from '../../src/series/sampled-data-issues.ts';

const validate = withSampledData(validator(loadRegistry(readProfiles('profiles'))));
const errors = (resource: Resource): readonly string[] =>
  validate(resource)
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ expression, diagnostics }) => `${expression?.join() ?? ''}: ${diagnostics}`);

function examples(folder: string): readonly (readonly [string, Resource])[] {
  return readdirSync(`profiles/examples/${folder}`).map((name) => {
    const resource = parseJson(readFileSync(`profiles/examples/${folder}/${name}`));
    if (!isResource(resource)) throw new Error(`${name} is no resource`);
    return [name.replace('.json', ''), resource];
  });
}

/** What each invalid example is refused for: the element. */
const REFUSED: Readonly<Record<string, string>> = {
  'digital-twin-of-a-group': 'Composition.subject',
  'digital-twin-of-another-type': 'Composition.type',
  'digital-twin-of-nobody': 'Composition.subject',
  'digital-twin-without-period': 'Composition.event',
  'digital-twin-without-sections': 'Composition.section',
  'subscription-owner-without-scope': 'Subscription.extension[0]',
  'twin-figure-at-an-instant': 'Observation.effective',
  'twin-figure-of-another-code-system': 'Observation.code',
  'twin-figure-source-without-version': 'Observation',
  'twin-figure-without-method': 'Observation.method',
  'twin-figure-without-source': 'Observation.derivedFrom',
  'wearable-samples-of-two-dimensions': 'Observation',
  'wearable-samples-with-a-quantity': 'Observation.value',
  'wearable-samples-with-a-word': 'Observation.valueSampledData.data',
  'wearable-samples-without-period': 'Observation.effective',
};

describe('profiles/examples', () => {
  test.each(examples('valid'))('%s is valid', (_name, resource) => expect(errors(resource)).toEqual([]));

  test.each(examples('invalid'))('%s is refused for that and nothing else', (name, resource) => {
    const found = errors(resource);
    expect(found).toHaveLength(1);
    expect(found[0]?.split(': ')[0]).toMatch(new RegExp(`^${(REFUSED[name] ?? 'unnamed').replace(/[.[\]]/g, '\\$&')}`));
  });

  test('every profile has a valid example and an invalid one', () => {
    const claims = (folder: string) => examples(folder).map(([, resource]) => JSON.stringify(resource));
    for (const { url } of readProfiles('profiles').structureDefinitions ?? [])
      for (const folder of ['valid', 'invalid'])
        expect([url, folder, claims(folder).some((text) => text.includes(`"${String(url)}"`))]).toEqual([
          url,
          folder,
          true,
        ]);
  });
});

describe('profiles/', () => {
  const published = readPublished('profiles');
  test.each(published.map((resource) => [`${resource.resourceType}/${resource.id}`, resource] as const))(
    '%s is valid R4 under its own canonical',
    (_name, resource) => {
      expect(errors(resource)).toEqual([]);
      expect(resource['url']).toBe(`https://novamind.health/fhir/${resource.resourceType}/${resource.id}`);
      expect(resource['version']).toMatch(/^\d+\.\d+\.\d+$/);
    },
  );

  test('a code system counts its concepts', () => {
    for (const system of published.filter(({ resourceType }) => resourceType === 'CodeSystem'))
      expect([system.id, system['count']]).toEqual([system.id, (system['concept'] as readonly unknown[]).length]);
  });
});
