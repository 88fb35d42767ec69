import { escapeXml, escapeXmlText } from './escape.ts';
import { XHTML_NAMESPACE, type XmlTag } from './scanner.ts';

/**
 * Collects the XHTML of one narrative. It is kept as it was written, to the letter, where it can stand alone; a
 * prefix, CDATA, a processing instruction or a namespace declared further out make it be written anew, canonically.
 */
export class NarrativeReader {
  readonly start: number;
  depth = 0;
  #verbatim = true;
  #canonical = '';
  /** A start tag still lacks its `>`: it may turn out to be empty. */
  #unfinished = false;

  constructor(start: number) {
    this.start = start;
  }

  /** What is wrong with the element; undefined where nothing is. */
  open(tag: XmlTag): string | undefined {
    if (tag.uri !== XHTML_NAMESPACE) {
      return `<${tag.name}> is not XHTML: narrative is of the namespace ${XHTML_NAMESPACE} alone`;
    }
    const isRoot = this.depth === 0;
    if (tag.prefix !== '' || (isRoot && tag.ns[''] === undefined)) this.#verbatim = false;
    this.#finishTag();
    this.#canonical += `<${tag.local}${isRoot ? ` xmlns="${XHTML_NAMESPACE}"` : ''}`;
    for (const key in tag.attributes) {
      const attribute = tag.attributes[key];
      if (attribute === undefined || attribute.name === 'xmlns' || attribute.prefix === 'xmlns') continue;
      if (attribute.prefix !== '' && attribute.prefix !== 'xml') {
        return `attribute ${attribute.name} is not allowed in narrative`;
      }
      this.#canonical += ` ${attribute.name}="${escapeXml(attribute.value)}"`;
    }
    this.#unfinished = true;
    this.depth += 1;
    return undefined;
  }

  close(tag: XmlTag): void {
    this.depth -= 1;
    if (VOID.has(tag.local) && this.#unfinished) {
      this.#unfinished = false;
      this.#canonical += '/>';
      return;
    }
    this.#finishTag();
    this.#canonical += `</${tag.local}>`;
  }

  #finishTag(): void {
    if (this.#unfinished) this.#canonical += '>';
    this.#unfinished = false;
  }

  text(text: string): void {
    this.#finishTag();
    this.#canonical += escapeXmlText(text);
  }

  comment(text: string): void {
    this.#finishTag();
    this.#canonical += `<!--${text}-->`;
  }

  cdata(text: string): void {
    this.#verbatim = false;
    this.text(text);
  }

  instruction(): void {
    this.#verbatim = false;
  }

  /** The `<div>` as text, given the document and the offset behind it. */
  result(document: string, end: number): string {
    return this.#verbatim ? document.slice(this.start, end) : this.#canonical;
  }
}

/** Elements without content (HTML 4.01); all others are written with an end tag, as browsers need it. */
const VOID: ReadonlySet<string> = new Set(['br', 'col', 'hr', 'img']);
