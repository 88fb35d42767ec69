import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { profileTable } from './definitions/profiles.ts';
import { compartmentTable, searchParameterTable } from './definitions/search-parameters.ts';
import { terminologyTable } from './definitions/terminology.ts';
import { typeTable } from './definitions/types.ts';
import { valueSetTable } from './definitions/value-sets.ts';

/** The compact definitions, by file name, as written to src/conformance/generated. The same input gives the same text. */
export const generateDefinitions = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      types: typeTable(),
      'search-parameters': searchParameterTable(),
      compartments: compartmentTable(),
      'value-sets': valueSetTable(),
      profiles: profileTable(),
    }).map(([name, content]) => [name, `${JSON.stringify(content)}\n`]),
  );

/** The terminology, as text; it is stored compressed and read at first use. */
export const generateTerminology = (): string => `${JSON.stringify(terminologyTable())}\n`;

/** Writes them beside the code that reads them. Run by `npm run generate`. */
export const writeDefinitions = (folder: string): void => {
  for (const [name, text] of generateDefinitions()) writeFileSync(`${folder}/${name}.json`, text);
  writeFileSync(`${folder}/terminology.json.gz`, gzipSync(generateTerminology(), { level: 9 }));
};
