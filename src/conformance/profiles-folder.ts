import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isResource, type Resource } from '../fhir/resource.ts';

/** Definitions of our own that a registry is built with beside those of R4. */
export interface ExtraDefinitions {
  readonly searchParameters?: readonly Resource[];
  readonly structureDefinitions?: readonly Resource[];
  readonly valueSets?: readonly Resource[];
  readonly codeSystems?: readonly Resource[];
}

const resourcesIn = (folder: string): readonly Resource[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const content: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (!isResource(content)) throw new Error(`${join(folder, name)} holds no FHIR resource`);
      return content;
    });

/** Everything that a profiles folder publishes: what its subfolders hold, examples left out. */
export const readPublished = (folder: string): readonly Resource[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'examples')
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => resourcesIn(join(folder, name)));

/** Reads the subfolders structure-definitions, search-parameters, value-sets and code-systems; each may be missing. */
export const readProfiles = (folder: string): ExtraDefinitions => {
  const present = new Set(readdirSync(folder));
  const read = (name: string): readonly Resource[] => (present.has(name) ? resourcesIn(join(folder, name)) : []);
  return {
    structureDefinitions: read('structure-definitions'),
    searchParameters: read('search-parameters'),
    valueSets: read('value-sets'),
    codeSystems: read('code-systems'),
  };
};
