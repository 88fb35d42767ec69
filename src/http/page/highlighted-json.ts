import { prettyJson } from '../pretty-json.ts';
import { escapeHtml } from './html.ts';
import { linkTarget } from './link-target.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\b(?:true|false|null)\b)|[^"\d\-tfn]+|./g;
const LINKED: ReadonlySet<string> = new Set([
  '"reference"',
  '"url"',
  '"fullUrl"',
  '"location"',
  '"definition"',
  '"instantiatesCanonical"',
]);

/** Indented JSON as HTML, names and values marked; references and links into the FHIR base can be followed where `linkBase` is given. */
export function highlightedJson(json: string, linkBase?: string): string {
  let name = '';
  const marked = prettyJson(json).replace(TOKEN, (token, text?: string, colon?: string, scalar?: string) => {
    if (text !== undefined && colon !== undefined) {
      name = text;
      return `<b>${escapeHtml(text)}</b>${colon}`;
    }
    if (text !== undefined) return `<i>${LINKED.has(name) ? linked(text, linkBase) : escapeHtml(text)}</i>`;
    return scalar === undefined ? escapeHtml(token) : `<s>${scalar}</s>`;
  });
  return `<pre>${marked}</pre>`;
}

function linked(quoted: string, base: string | undefined): string {
  const shown = escapeHtml(quoted);
  const value: unknown = JSON.parse(quoted);
  const target = typeof value === 'string' ? linkTarget(value, base) : undefined;
  return target === undefined ? shown : `<a href="${escapeHtml(target)}">${shown}</a>`;
}
