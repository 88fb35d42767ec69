import { htmlEntity } from '../xml/html-entities.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Elements and attributes of narrative (narrative.html#xhtml, txt-1). */
const ELEMENTS =
  words(`a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5
  h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`);
const ATTRIBUTES =
  words(`abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char
  charoff charset cite class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name
  nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width
  xml:lang xmlns`);

const TAG =
  /<!--(?:(?!--)[\s\S])*-->|<\/([A-Za-z][\w:.-]*)\s*>|<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const XHTML = 'http://www.w3.org/1999/xhtml';

/** Schemes that narrative may follow or load; everything else with a scheme is refused, written with entities or not. */
const HARMLESS = /^(https?|mailto|tel|ftp|urn|cid):/i;

const isActive = (attribute: string, url: string): boolean => {
  const head = url.trim().split(/[/?]/, 1)[0] ?? '';
  if (/&(?!amp;)/.test(head)) return true;
  if (!/^[^#]*:/.test(head) || HARMLESS.test(head)) return false;
  return attribute !== 'src' || !/^data:\s*image\//i.test(url.trim());
};

const attributesProblem = (element: string, attributes: string, first: boolean): string | undefined => {
  // Most elements have one attribute, and no need of a set.
  let former = '';
  let others: Set<string> | undefined;
  for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (name === former || others?.has(name)) return `<${element}> has attribute ${name} twice`;
    if (former === '') former = name;
    else {
      others ??= new Set();
      others.add(name);
    }
    const problem = value.includes('&') ? entityProblem(value) : undefined;
    if (problem !== undefined) return problem;
    if (/^xmlns:(?!xml)/.test(name) && value !== '') continue;
    if (!ATTRIBUTES.has(name)) return `attribute ${name} of <${element}> is not allowed in narrative`;
    if ((name === 'href' || name === 'src') && isActive(name, value)) return `${name} of <${element}> would run code`;
    if (name === 'style' && /expression\s*\(|url\s*\(\s*['"]?\s*javascript|@import/i.test(value))
      return `style of <${element}> reaches outside of the narrative`;
    if (name === 'xmlns' && value !== XHTML) return `namespace ${value} is not allowed in narrative`;
  }
  return first && !/\sxmlns\s*=/.test(attributes) ? `the narrative's <div> must declare xmlns="${XHTML}"` : undefined;
};

/** Elements within one another; whoever reads or writes narrative as a tree has to bear it. */
const MAXIMUM_DEPTH = 64;
const TOO_DEEP = `narrative is nested deeper than ${MAXIMUM_DEPTH} elements`;

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]*));|&/g;
const OF_XML: ReadonlySet<string> = words('amp lt gt quot apos');

/** True where a code point is a character of XML (xml/#charsets). */
const isCharacter = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);

/** What no XML document may hold: answers in XML could never be given. The first is quick, and suspects every astral character too. */
const SUSPECT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/;
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The first & that is no reference to a character which XML or HTML knows. */
const entityProblem = (characters: string): string | undefined => {
  for (const [text, decimal, hexadecimal, name] of characters.matchAll(ENTITY)) {
    if (text === '&') return 'an & must be written &amp;';
    const known =
      name === undefined
        ? isCharacter(decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal))
        : OF_XML.has(name) || htmlEntity(name) !== undefined;
    if (!known) return `${text} stands for no character`;
  }
  return undefined;
};

const [OPENING, CLOSING, SLASH] = [0x3c, 0x3e, 0x2f];

/** What is wrong with Narrative.div: well-formed XHTML of formatting elements only, with some content (txt-1, txt-2). */
export const narrativeProblem = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'expected a JSON string of XHTML';
  const text = value.trim();
  const alien = !SUSPECT.test(text) ? undefined : NO_CHARACTER.exec(text)?.[0].codePointAt(0);
  if (alien !== undefined) return `U+${alien.toString(16).padStart(4, '0').toUpperCase()} is no character of XML`;
  const mayEndSection = text.includes(']]>');
  const open: string[] = [];
  let content = false;
  let roots = 0;
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) !== OPENING) {
      if (open.length === 0) return 'narrative must be one <div>';
      const next = text.indexOf('<', at);
      const characters = text.slice(at, next === -1 ? text.length : next);
      at += characters.length;
      if (mayEndSection && characters.includes(']]>')) return 'the > of ]]> must be written &gt;';
      const problem = characters.includes('&') ? entityProblem(characters) : undefined;
      if (problem !== undefined) return problem;
      if (!content && /\S/.test(characters)) content = true;
      continue;
    }
    const innermost = open.at(-1);
    if (innermost !== undefined && endsWith(text, at, innermost)) {
      open.pop();
      at += innermost.length + '</>'.length;
      continue;
    }
    const plain = innermost === undefined ? undefined : plainTag(text, at);
    if (plain !== undefined) {
      if (!ELEMENTS.has(plain)) return `element <${plain}> is not allowed in narrative`;
      if (open.push(plain) > MAXIMUM_DEPTH) return TOO_DEEP;
      at += plain.length + '<>'.length;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (tag === null) return `not well-formed XHTML near "${text.slice(at, at + 30)}"`;
    at = TAG.lastIndex;
    const [, end, start, attributes = '', empty] = tag;
    if (end !== undefined) {
      if (open.pop() !== end) return `</${end}> closes no open element`;
    } else if (start !== undefined) {
      if (open.length === 0 && (start !== 'div' || roots > 0)) return 'narrative must be one <div>';
      if (!ELEMENTS.has(start)) return `element <${start}> is not allowed in narrative`;
      const problem = attributesProblem(start, attributes, open.length === 0);
      if (problem !== undefined) return problem;
      if (open.length === 0) roots += 1;
      if (start === 'img') content = true;
      if (empty === '') open.push(start);
      if (open.length > MAXIMUM_DEPTH) return TOO_DEEP;
    }
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`;
  if (roots === 0) return 'narrative must be one <div>';
  return content ? undefined : 'narrative must have some content that is not white space (txt-2)';
};

/** True where `</name>` stands there, which is how nearly every element ends. */
const endsWith = (text: string, at: number, name: string): boolean =>
  text.charCodeAt(at + 1) === SLASH &&
  text.charCodeAt(at + 2 + name.length) === CLOSING &&
  text.startsWith(name, at + 2);

/** The name of `<name>`, which is how most elements of narrative begin: lower-case letters and digits alone. */
function plainTag(text: string, at: number): string | undefined {
  let end = at + 1;
  for (let code = text.charCodeAt(end); (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39); )
    code = text.charCodeAt(++end);
  return end > at + 1 && text.charCodeAt(end) === CLOSING ? text.slice(at + 1, end) : undefined;
}
