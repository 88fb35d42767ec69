/** What a narrative may hold: HTML 4.0 chapters 7–11 (without section 4 of 9) and 15, links, images, style (narrative.html#security). */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre ' +
    'q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset cite class ' +
    'colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel rev rowspan rules scope ' +
    'shape span src start style summary tabindex title type valign value vspace width xml:lang xml:space'
  ).split(' '),
);
const VOID: ReadonlySet<string> = new Set(['br', 'col', 'hr', 'img']);
const TAG =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ACTIVE = /^\s*(?:javascript|vbscript|data:text)/i;

/** Whether the text is one well-formed `div` with content, of permitted elements and attributes alone, and nothing that runs. */
export const isSafeNarrative = (xhtml: string): boolean => {
  const text = xhtml.trim().replace(/^<\?xml[^>]*\?>\s*/, '');
  const open: string[] = [];
  let hasContent = false;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const plain = text.slice(at, next < 0 ? text.length : next);
    if (/\S/.test(plain)) {
      if (open.length === 0) return false;
      hasContent = true;
    }
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (tag === null) return false;
    at = TAG.lastIndex;
    const name = tag[2];
    if (name === undefined) continue;
    if (!ELEMENTS.has(name) || (open.length === 0 && name !== 'div')) return false;
    if (tag[1] === '/') {
      if (open.pop() !== name) return false;
      if (open.length === 0 && /\S/.test(text.slice(at))) return false;
      continue;
    }
    if (!attributesAreSafe(tag[3] ?? '')) return false;
    if (name === 'img') hasContent = true;
    if (tag[4] !== '/' && !VOID.has(name)) open.push(name);
    else if (tag[4] !== '/') return false;
  }
  return open.length === 0 && hasContent;
};

const attributesAreSafe = (text: string): boolean => {
  for (const [, name = '', double, quoted] of text.matchAll(ATTRIBUTE)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:') && !ATTRIBUTES.has(name)) return false;
    if ((name === 'href' || name === 'src') && ACTIVE.test(double ?? quoted ?? '')) return false;
  }
  return true;
};
