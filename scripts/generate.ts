import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { operationDefinitions } from './definitions/operation-definitions.ts';
import { writeDefinitions } from './generate-definitions.ts';

writeDefinitions('src/conformance/generated');

const folder = 'profiles/operation-definitions';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of operationDefinitions()) writeFileSync(`${folder}/${name}`, text);
