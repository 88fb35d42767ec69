import { CONVERSION } from './conversion.ts';
import type { FunctionDefinition } from './definition.ts';
import { EXISTENCE } from './existence.ts';
import { FHIR } from './fhir.ts';
import { FILTERING } from './filtering.ts';
import { MATH } from './math.ts';
import { NAVIGATION } from './navigation.ts';
import { STRINGS } from './strings.ts';
import { SUBSETTING } from './subsetting.ts';
import { TYPES } from './types.ts';

/** Every function there is, by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [EXISTENCE, FILTERING, SUBSETTING, STRINGS, MATH, CONVERSION, TYPES, NAVIGATION, FHIR].flatMap((table) =>
    Object.entries(table),
  ),
);
