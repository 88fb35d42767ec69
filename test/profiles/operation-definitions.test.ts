import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { operationDefinitions } from '../../scripts/definitions/operation-definitions.ts';

test('profiles/operation-definitions is what operations/ declares (npm run generate)', () => {
  const folder = 'profiles/operation-definitions';
  const written = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
  );
  expect(written).toEqual(Object.fromEntries(operationDefinitions()));
});
