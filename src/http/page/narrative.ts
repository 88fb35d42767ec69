import { escapeHtml } from './html.ts';

/** The elements of narrative.html#xhtml; all others are dropped, their text kept, those below with their content. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i ' +
    'ins kbd li ol p pre q s samp small span strong strike sub sup table tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
);
const VOID: ReadonlySet<string> = new Set(['br', 'hr', 'col']);
const WITH_CONTENT =
  /<(script|style|iframe|object|svg|math|template|noscript|textarea|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const ATTRIBUTES: ReadonlySet<string> = new Set(['title', 'colspan', 'rowspan', 'abbr', 'scope', 'lang']);
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^<>"']*(?:"[^"<]*"|'[^'<]*')?)*)\s*(\/?)>|<!--[\s\S]*?-->|[^<]+|</g;
const ATTRIBUTE = /([a-zA-Z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Narrative XHTML with nothing in it that acts: allowed elements and attributes rewritten, elements left open closed. */
export function sanitisedNarrative(xhtml: string): string {
  const open: string[] = [];
  const out: string[] = [];
  for (const [token, slash, tag, attributes] of xhtml.replace(WITH_CONTENT, '').matchAll(TAG)) {
    const name = tag?.toLowerCase();
    if (name === undefined) out.push(token.startsWith('<!--') ? '' : textOf(token));
    else if (!ELEMENTS.has(name)) continue;
    else if (slash === '/') {
      const at = open.lastIndexOf(name);
      if (at >= 0)
        out.push(
          ...open
            .splice(at)
            .reverse()
            .map((element) => `</${element}>`),
        );
    } else {
      out.push(`<${name}${attributesOf(attributes ?? '')}>`);
      if (VOID.has(name)) continue;
      open.push(name);
      // XHTML may close an element in its own tag; HTML would leave it open.
      if (token.endsWith('/>')) out.push(`</${open.pop()}>`);
    }
  }
  return out.concat(open.reverse().map((element) => `</${element}>`)).join('');
}

/** Text keeps its character references; a bare ampersand or bracket is escaped. */
const textOf = (text: string): string =>
  text
    .replace(/&(?!(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

function attributesOf(text: string): string {
  const kept: string[] = [];
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    const attribute = name.toLowerCase();
    if (ATTRIBUTES.has(attribute)) kept.push(` ${attribute}="${escapeHtml(value)}"`);
    if (attribute === 'href' && /^https?:\/\//i.test(value)) kept.push(` href="${escapeHtml(value)}" rel="noreferrer"`);
  }
  return kept.join('');
}
