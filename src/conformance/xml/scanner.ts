import { SaxesParser } from 'saxes';
import { Problem } from '../../fhir/problem.ts';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** An attribute that is no namespace declaration. */
export interface XmlAttribute {
  readonly name: string;
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

export interface XmlTag {
  readonly name: string;
  readonly local: string;
  readonly prefix: string;
  readonly uri: string;
  readonly attributes: Readonly<Record<string, XmlAttribute & { readonly prefix: string }>>;
  /** Namespaces declared on this very tag, by prefix. */
  readonly ns: Readonly<Record<string, string>>;
}

/** What is told of a document; offsets are into its text, from `<` to past `>`. */
export interface XmlEvents {
  open(tag: XmlTag, start: number): void;
  close(tag: XmlTag, end: number): void;
  text(text: string, end: number): void;
  cdata(text: string, end: number): void;
  instruction(): void;
  comment(text: string): void;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of an XML body. Throws Problem `malformed-body` for invalid UTF-8; other encodings are not spoken (xml.html). */
export const xmlText = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-body', 'The body is not valid UTF-8, which FHIR XML is written in', { cause });
  }
};

/**
 * Reads a whole document, well-formed XML 1.0 with namespaces. Throws Problem `malformed-body` with line and column;
 * document types are refused, and with them every entity but the five that XML has by itself.
 */
export const scanXml = (text: string, events: XmlEvents): void => {
  const parser = new SaxesParser({ xmlns: true, position: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  parser.on('error', (error) => {
    throw malformedXml(text, parser.position, error.message.replace(/^(?:undefined:)?\d+:\d+: /, ''));
  });
  parser.on('opentag', (tag) => events.open(tag, text.lastIndexOf('<', parser.position - 1)));
  parser.on('closetag', (tag) => events.close(tag, parser.position));
  parser.on('text', (characters) => events.text(characters, parser.position));
  listenForTheRare(parser, text, events);
  parser.write(text).close();
};

/** Handlers that few documents need: with more than six of them V8 keeps the parser as a dictionary, at a quarter of its speed. */
const listenForTheRare = (parser: SaxesParser<{ xmlns: true }>, text: string, events: XmlEvents): void => {
  if (/^\ufeff?<\?xml\s[^>]*encoding/.test(text)) {
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
        throw malformedXml(text, parser.position, `encoding ${encoding} is not supported; FHIR XML is UTF-8`);
    });
  }
  if (text.includes('<!DOCTYPE')) {
    parser.on('doctype', () => {
      throw malformedXml(text, parser.position, 'a document type (DTD) is not allowed, nor the entities of one');
    });
  }
  if (text.includes('<![CDATA[')) parser.on('cdata', (characters) => events.cdata(characters, parser.position));
  if (text.includes('<!--')) parser.on('comment', (characters) => events.comment(characters));
  if (text.includes('<?', 5)) parser.on('processinginstruction', () => events.instruction());
};

/** A Problem that names the line and column, from 1, of an offset into the text. */
export const malformedXml = (text: string, at: number, what: string, expression?: string): Problem => {
  const before = text.slice(0, Math.max(0, at)).split(/\r\n?|\n/);
  const column = (before.at(-1) ?? '').length + 1;
  return new Problem('malformed-body', `The XML is malformed at line ${before.length}, column ${column}: ${what}`, {
    ...(expression !== undefined && { expression: [expression] }),
  });
};
