import { STATUS_CODES } from 'node:http';
import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import { isText } from './headline.ts';
import { escapeHtml } from './html.ts';

/** `404 Not Found`; an outcome that is no error is just that. */
export const outcomeTitle = (status: number): string =>
  status >= 400 ? `${status} ${STATUS_CODES[status] ?? ''}`.trim() : 'Outcome';

/** The issues of an OperationOutcome as a table, and where a token is missing, how to come by one. */
export function outcomeTable(outcome: JsonObject, status: number, base: string | undefined): string {
  const issues = listOf(outcome['issue']).filter(isObject);
  const rows = issues.map(({ severity, code, diagnostics, details, expression }) => {
    const told = isText(diagnostics)
      ? diagnostics
      : isObject(details) && isText(details['text'])
        ? details['text']
        : '';
    const where = listOf(expression)
      .filter(isText)
      .map((path) => `<code>${escapeHtml(path)}</code>`);
    const level = isText(severity) ? severity : 'error';
    return `<tr><td><span class="label ${escapeHtml(level)}">${escapeHtml(level)}</span></td><td>${escapeHtml(told)}</td><td>${where.join('<br>')}</td><td>${escapeHtml(String(code))}</td></tr>`;
  });
  const columns = ['Severity', 'What', 'Where', 'Code'].map((name) => `<th scope="col">${name}</th>`).join('');
  const table = `<div class="wide"><table class="entries">\n<thead><tr>${columns}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
  return status === 401 ? `${table}\n${howToAuthorise(base ?? '/fhir')}` : table;
}

const howToAuthorise = (base: string): string => `<h2>Reading with a token</h2>
<p>Health data is shown to those who send an access token, and a browser sends none when it opens a link. In
development and test a token is made with the first line below, and used with the second:</p>
<pre>TOKEN=$(npm run --silent token -- --scope "system/*.rs")
curl -H "Authorization: Bearer $TOKEN" ${escapeHtml(base)}/Patient</pre>
<p>In the browser, <a href="/docs">the API documentation</a> takes a token under <em>Authorize</em> and sends requests
with it. What needs no token is linked from <a href="/">the front page</a>.</p>`;
