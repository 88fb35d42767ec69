import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import { isText } from './headline.ts';
import { escapeHtml } from './html.ts';

/** What a CapabilityStatement says of each type, one row a type. */
export function capabilityTable(statement: JsonObject, base: string | undefined): string {
  const resources = listOf(statement['rest'])
    .filter(isObject)
    .flatMap((rest) => listOf(rest['resource']).filter(isObject));
  const rows = resources.map((resource) => {
    const type = escapeHtml(String(resource['type']));
    const cells = [
      base === undefined ? type : `<a href="${escapeHtml(base)}/${type}">${type}</a>`,
      namesOf(resource, 'interaction', 'code').join(', '),
      String(listOf(resource['searchParam']).length),
      namesOf(resource, 'operation', 'name')
        .map((name) => `$${name}`)
        .join(', '),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const columns = ['Type', 'Interactions', 'Search parameters', 'Operations'];
  const head = columns.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<p>What can be asked, with forms to try it, is in <a href="/docs">the API documentation</a>.</p>
<div class="wide"><table class="entries">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}

const namesOf = (resource: JsonObject, list: string, member: string): readonly string[] =>
  listOf(resource[list])
    .filter(isObject)
    .map((item) => item[member])
    .filter(isText)
    .map(escapeHtml);
