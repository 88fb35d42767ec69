import { readdirSync, readFileSync } from 'node:fs';
import { isResource, type Resource } from '../../src/fhir/resource.ts';

const FOLDER = 'node_modules/hl7.fhir.r4.examples';

export interface Example {
  readonly file: string;
  readonly resource: Resource;
}

/** Paths of the published examples, in order of file name. */
export const exampleFiles = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json') && !file.startsWith('.') && file !== 'package.json')
    .sort()
    .map((file) => `${FOLDER}/${file}`);

/** The examples that HL7 published with R4 4.0.1, in order of file name; those whose name begins with one of `types`, where given. */
export function* officialExamples(types?: readonly string[]): Generator<Example> {
  for (const file of readdirSync(FOLDER).sort()) {
    if (!file.endsWith('.json') || file.startsWith('.') || file === 'package.json') continue;
    if (types !== undefined && !types.includes(file.slice(0, file.indexOf('-')))) continue;
    const resource: unknown = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));
    if (isResource(resource)) yield { file, resource };
  }
}
