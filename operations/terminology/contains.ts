import { textAt } from '../../src/conformance/terminology/read.ts';
import { isObject, type JsonObject } from '../../src/fhir/resource.ts';
import { displayIn, speaks } from './language.ts';
import type { Nested } from './nesting.ts';

interface Wanted {
  readonly includeDesignations: boolean | undefined;
  readonly designation: readonly string[];
  readonly displayLanguage: string | undefined;
}

/** A code of an expansion (ValueSet.expansion.contains), with those below it. */
export function contains({ member, below }: Nested, wanted: Wanted): JsonObject {
  const { system, version, code, abstract, inactive, designations } = member;
  const display = displayIn(designations, wanted.displayLanguage) ?? member.display;
  const designation = designationsOf(designations, wanted);
  return {
    system,
    ...(abstract && { abstract }),
    ...(inactive && { inactive }),
    ...(version !== undefined && { version }),
    code,
    ...(display !== undefined && { display }),
    ...(designation.length > 0 && { designation }),
    ...(below.length > 0 && { contains: below.map((one) => contains(one, wanted)) }),
  };
}

/** Naming some asks for them, unless none are to be included at all. */
function designationsOf(
  all: readonly JsonObject[],
  { includeDesignations, designation }: Wanted,
): readonly JsonObject[] {
  if (includeDesignations === false) return [];
  if (designation.length === 0) return includeDesignations === true ? all : [];
  return all.filter((it) => designation.some((token) => isNamed(it, token)));
}

/** A token: the language, `urn:ietf:bcp:47|language`, or the use as code or system|code. */
function isNamed(it: JsonObject, token: string): boolean {
  const bar = token.indexOf('|');
  const [system, code] = bar < 0 ? [undefined, token] : [token.slice(0, bar), token.slice(bar + 1)];
  if ((system ?? LANGUAGES) === LANGUAGES && speaks(textAt(it, 'language'), code)) return true;
  const { use } = it;
  if (!isObject(use) || textAt(use, 'code') !== code) return false;
  return system === undefined || (textAt(use, 'system') ?? '') === system;
}
const LANGUAGES = 'urn:ietf:bcp:47';
