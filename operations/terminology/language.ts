import { textAt } from '../../src/conformance/terminology/read.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';

/** Whether a text of one language serves who asked for another: de serves de-CH, and the other way round (BCP 47 by prefix). */
export const speaks = (language: string | undefined, wanted: string): boolean =>
  language !== undefined &&
  (language === wanted || language.startsWith(`${wanted}-`) || wanted.startsWith(`${language}-`));

/** The display in a language, where a designation has one; the exact language before its kin. */
export const displayIn = (designations: readonly JsonObject[], wanted: string | undefined): string | undefined => {
  if (wanted === undefined) return undefined;
  const found =
    designations.find((it) => it['language'] === wanted) ??
    designations.find((it) => speaks(textAt(it, 'language'), wanted));
  return found && textAt(found, 'value');
};
