import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Files made by scripts/generate-definitions.ts from the published R4 definitions. */
export type GeneratedName = 'types' | 'search-parameters' | 'compartments' | 'value-sets' | 'profiles';

/** The parsed content of a generated file. The caller states the layout, which the generator's test holds true. */
export const generated = <T>(name: GeneratedName): T => JSON.parse(readFileSync(placeOf(`${name}.json`), 'utf8'));

/** As `generated`, of a file too large to lie there as text. */
export const generatedGzip = <T>(name: 'terminology'): T =>
  JSON.parse(gunzipSync(readFileSync(placeOf(`${name}.json.gz`))).toString());

/**
 * Source and bundle differ in where the folder lies: beside this module either way, because the build copies it next to
 * the bundle.
 */
const placeOf = (file: string): URL => {
  const places = ['./generated/', './conformance/generated/'].map(
    (folder) => new URL(`${folder}${file}`, import.meta.url),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`generated definitions are missing: ${file}; run npm run generate`);
  return found;
};
