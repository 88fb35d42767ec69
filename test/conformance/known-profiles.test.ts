import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readProfiles } from '../../src/conformance/profiles-folder.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import type { StructureDefinitionSource } from '../../src/conformance/registry.ts';
import { Compiler } from '../../src/conformance/validation/compiler.ts';
import { Run } from '../../src/conformance/validation/run.ts';

describe('every profile and extension that the server knows', () => {
  test('can be compiled: elements exist, invariants parse', () => {
    const own = readProfiles('profiles');
    const compiler = new Compiler(loadRegistry(own));
    const published: readonly StructureDefinitionSource[] = JSON.parse(
      readFileSync('src/conformance/generated/profiles.json', 'utf8'),
    );
    const urls = [...published, ...(own.structureDefinitions ?? [])].map(({ url }) => String(url));
    expect(urls.length).toBeGreaterThan(430);
    for (const url of urls) {
      const profile = compiler.profile(url);
      expect(profile?.url).toBe(url);
      const run = new Run({}, profile?.type ?? '', compiler.model);
      expect(() => profile?.check({}, run, 0)).not.toThrow();
    }
  });
});
