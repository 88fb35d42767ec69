import { parseJson } from '../../fhir/json.ts';
import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import { bundleTable, bundleTitle } from './bundle-table.ts';
import { capabilityTable } from './capability-table.ts';
import { headline, isText } from './headline.ts';
import { highlightedJson } from './highlighted-json.ts';
import { escapeHtml, htmlPage } from './html.ts';
import { sanitisedNarrative } from './narrative.ts';
import { outcomeTable, outcomeTitle } from './outcome-table.ts';

/** Our own JSON may be deeper than a body: resources stand inside a Bundle. */
const MAXIMUM_DEPTH = 128;
/** Longer JSON is folded, so that the page opens with what it is about. */
const FOLDED_FROM = 200_000;

/** A resource, Bundle or OperationOutcome as a page to read: what it is about, its narrative and texts, its JSON. `linkBase` as in highlightedJson. */
export function resourcePage(json: string, status: number, linkBase?: string): string {
  const resource = parseJson(json, MAXIMUM_DEPTH);
  if (!isObject(resource)) return htmlPage('NovaMind', highlightedJson(json));
  const { title, about } = opening(resource, status, linkBase);
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    about,
    ...narrativesOf(resource).map((narrative) => `<div class="narrative">${narrative}</div>`),
    ...attachedTexts(resource).map((text) => `<div class="narrative"><pre>${escapeHtml(text)}</pre></div>`),
    `<details${json.length < FOLDED_FROM ? ' open' : ''}><summary>JSON</summary>\n${highlightedJson(json, linkBase)}</details>`,
  ];
  return htmlPage(title, parts.filter((part) => part !== '').join('\n'));
}

function opening(resource: JsonObject, status: number, base: string | undefined): { title: string; about: string } {
  switch (resource['resourceType']) {
    case 'Bundle':
      return { title: bundleTitle(resource), about: bundleTable(resource, base) };
    case 'OperationOutcome':
      return { title: outcomeTitle(status), about: outcomeTable(resource, status, base) };
    case 'CapabilityStatement':
      return { title: 'Capability statement', about: capabilityTable(resource, base) };
    default:
      return { title: keyOf(resource), about: `${aboutLine(resource)}${waysOn(resource, base)}` };
  }
}

const keyOf = ({ resourceType, id }: JsonObject): string => [resourceType, id].filter(isText).join('/');

function aboutLine(resource: JsonObject): string {
  const told = headline(resource);
  return told === '' ? '' : `<p>${escapeHtml(told)}</p>\n`;
}

/** From a resource to its versions and its siblings; for a Patient, to the record. */
function waysOn({ resourceType: type, id, meta }: JsonObject, base: string | undefined): string {
  if (base === undefined || !isText(type) || !isText(id)) return '';
  const here = `${base}/${type}/${id}`;
  const version = isObject(meta) && isText(meta['versionId']) ? `Version ${meta['versionId']} · history` : 'History';
  const links: readonly (readonly [string, string])[] = [
    [`${here}/_history`, version],
    ...(type === 'Patient' ? [[`${here}/$everything`, 'Whole record'] as const] : []),
    [`${base}/${type}`, `All of type ${type}`],
  ];
  const shown = links.map(([href, label]) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`);
  return `<nav class="pages" aria-label="Further">${shown.join(' ')}</nav>`;
}

/** Its own narrative, those of its sections, and in a document Bundle those of its Composition. */
function narrativesOf(resource: JsonObject): readonly string[] {
  const [first] = listOf(resource['entry']);
  const composition =
    resource['resourceType'] === 'Bundle' &&
    resource['type'] === 'document' &&
    isObject(first) &&
    isObject(first['resource'])
      ? narrativesOf(first['resource'])
      : [];
  return [...narrative(resource), ...sectionsOf(resource), ...composition];
}

function sectionsOf(parent: JsonObject): readonly string[] {
  return listOf(parent['section'])
    .filter(isObject)
    .flatMap((section) => {
      const own = narrative(section);
      const title = typeof section['title'] === 'string' ? `<h2>${escapeHtml(section['title'])}</h2>` : '';
      return [...(own.length === 0 && title === '' ? [] : [`${title}${own.join('')}`]), ...sectionsOf(section)];
    });
}

function narrative(element: JsonObject): readonly string[] {
  const { text } = element;
  const div = isObject(text) ? text['div'] : undefined;
  return typeof div === 'string' ? [sanitisedNarrative(div)] : [];
}

/** Notes: plain-text attachments of a DocumentReference. */
function attachedTexts(resource: JsonObject): readonly string[] {
  return listOf(resource['content'])
    .filter(isObject)
    .flatMap(({ attachment }) => {
      if (!isObject(attachment)) return [];
      const { contentType, data } = attachment;
      return typeof contentType === 'string' &&
        /^text\/(plain|markdown)\b/.test(contentType) &&
        typeof data === 'string'
        ? [Buffer.from(data, 'base64').toString()]
        : [];
    });
}
