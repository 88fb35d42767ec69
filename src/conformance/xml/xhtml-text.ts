import { Problem } from '../../fhir/problem.ts';
import { htmlEntity } from './html-entities.ts';
import { scanXml, XHTML_NAMESPACE, type XmlTag } from './scanner.ts';

/** A narrative ready to stand in an XML document: unchanged where it is XHTML, HTML's own entities resolved; undefined where it is neither. */
export const xhtmlText = (div: string): string | undefined => {
  const text = div.trim();
  if (isWellFormed(text)) return text;
  const resolved = text.replace(/&(?:([A-Za-z][A-Za-z0-9]*);|(?!#))/g, (found, name: string | undefined) =>
    name === undefined ? '&amp;' : (htmlEntity(name) ?? found),
  );
  return isWellFormed(resolved) ? resolved : undefined;
};

/** True for one element of the XHTML namespace without a prologue, instructions or CDATA. */
const isWellFormed = (text: string): boolean => {
  if (!/^<div[\s>/]/.test(text)) return false;
  let fits = true;
  const refuse = () => {
    fits = false;
  };
  try {
    scanXml(text, {
      open: ({ uri }: XmlTag) => {
        fits &&= uri === XHTML_NAMESPACE;
      },
      close: () => undefined,
      text: () => undefined,
      comment: () => undefined,
      cdata: refuse,
      instruction: refuse,
    });
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
  // What follows the element (a comment) would follow it in the document too.
  return fits && text.endsWith('>');
};
