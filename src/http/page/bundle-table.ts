import { isObject, type Json, type JsonObject, listOf } from '../../fhir/resource.ts';
import { headline, isText, whenText } from './headline.ts';
import { escapeHtml } from './html.ts';
import { linkTarget } from './link-target.ts';

const TITLES: Readonly<Record<string, string>> = {
  searchset: 'Search results',
  history: 'History',
  'batch-response': 'Answer to a batch',
  'transaction-response': 'Answer to a transaction',
};
/** Pages in reading order; `self` is where the reader is. */
const RELATIONS: readonly (readonly [relation: string, label: string])[] = [
  ['first', 'First page'],
  ['previous', 'Previous page'],
  ['next', 'Next page'],
];

export const bundleTitle = ({ type }: JsonObject): string => TITLES[String(type)] ?? `Bundle (${String(type)})`;

/** The entries of a searchset, history or answer as a table with links to them and to other pages; '' for other Bundles. */
export function bundleTable(bundle: JsonObject, base: string | undefined): string {
  if (TITLES[String(bundle['type'])] === undefined) return '';
  const entries = listOf(bundle['entry']).filter(isObject);
  const pages = pageLinks(bundle, base);
  const counted = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'} on this page`;
  const total = typeof bundle['total'] === 'number' ? `${bundle['total']} in all, ` : '';
  const head = `<p class="quiet">${total}${counted}.</p>`;
  if (entries.length === 0) return `<p>Nothing was found.</p>\n${pages}`;
  const rows = entries.map((entry) => row(entry, base)).join('\n');
  const columns = ['Resource', 'About', 'When', 'Updated'].map((name) => `<th scope="col">${name}</th>`).join('');
  return `${head}\n${pages}\n<div class="wide"><table class="entries">\n<thead><tr>${columns}</tr></thead>\n<tbody>\n${rows}\n</tbody>\n</table></div>\n${pages}`;
}

function row({ fullUrl, resource, search, request, response }: JsonObject, base: string | undefined): string {
  const shown = isObject(resource) ? resource : {};
  const meta = isObject(shown['meta']) ? shown['meta'] : {};
  const what = isObject(request) ? request : {};
  const became = isObject(response) ? response : {};
  const isHistory = isText(what['method']);
  const key = [shown['resourceType'], shown['id']].filter(isText).join('/');
  const version = isText(meta['versionId']) ? `/_history/${meta['versionId']}` : '';
  const name = key || (isHistory ? String(what['url'] ?? '') : String(became['location'] ?? ''));
  const mode = isObject(search) && search['mode'] !== 'match' ? search['mode'] : undefined;
  const label = [what['method'], became['status'], mode].filter(isText);
  const place = isHistory ? `${key}${version}` : isText(fullUrl) ? fullUrl : name;
  const cells = [
    `${linkOr(name, key === '' && !isText(became['location']) ? '' : place, base)}${isHistory && version !== '' ? ` <span class="quiet">version ${escapeHtml(String(meta['versionId']))}</span>` : ''}${label.map((text) => ` <span class="label">${escapeHtml(text)}</span>`).join('')}`,
    escapeHtml(headline(isObject(became['outcome']) ? became['outcome'] : shown)),
    escapeHtml(whenText(shown)),
    escapeHtml(instant(meta['lastUpdated'] ?? became['lastModified'])),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function linkOr(text: string, target: string, base: string | undefined): string {
  const href = linkTarget(target, base);
  return href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

function pageLinks(bundle: JsonObject, base: string | undefined): string {
  const urls = new Map(
    listOf(bundle['link'])
      .filter(isObject)
      .map(({ relation, url }) => [String(relation), String(url)]),
  );
  const links = RELATIONS.flatMap(([relation, label]) => {
    const href = linkTarget(urls.get(relation) ?? '', base);
    const isHere = urls.get(relation) === urls.get('self');
    return href === undefined || isHere ? [] : [`<a rel="${relation}" href="${escapeHtml(href)}">${label}</a>`];
  });
  return links.length === 0 ? '' : `<nav class="pages" aria-label="Pages">${links.join(' ')}</nav>`;
}

/** An instant to the second. */
const instant = (value: Json | undefined): string =>
  isText(value) ? value.replace('T', ' ').replace(/\.\d+/, '').replace(/Z$/, ' UTC') : '';
