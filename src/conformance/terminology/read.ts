import { isObject, type Json, type JsonObject, listOf } from '../../fhir/resource.ts';

/** The member as text; undefined where it is absent or something else. */
export const textAt = (object: JsonObject, member: string): string | undefined => {
  const value = object[member];
  return typeof value === 'string' ? value : undefined;
};

/** The objects of a repeating member. */
export const objectsAt = (object: JsonObject, member: string): readonly JsonObject[] =>
  listOf(object[member]).filter(isObject);

/** The texts of a repeating member. */
export const textsOf = (value: Json | undefined): readonly string[] =>
  listOf(value).filter((item) => typeof item === 'string');

/** A canonical taken apart at its `|`. */
export const canonicalParts = (canonical: string): { readonly url: string; readonly version: string | undefined } => {
  const bar = canonical.indexOf('|');
  return bar < 0
    ? { url: canonical, version: undefined }
    : { url: canonical.slice(0, bar), version: canonical.slice(bar + 1) };
};

/** `url|version`, or the url where no version is asked for. */
export const withVersion = (url: string, version: string | undefined): string =>
  version === undefined || url.includes('|') ? url : `${url}|${version}`;
