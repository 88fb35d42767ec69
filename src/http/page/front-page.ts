import type { Edge } from '../edge.ts';
import { type DemoResource, demoResources } from './demo-resources.ts';
import { escapeHtml, htmlPage } from './html.ts';
import { pageLink } from './page-link.ts';

const LINK_LIFETIME_MS = 60 * 60 * 1000;

/** `/`: what this is, and where to go on. */
export async function frontPage(edge: Edge): Promise<string> {
  const key = edge.pageLinkKey;
  const resources = key === undefined ? [] : await demoResources(edge.world);
  const expires = edge.world.now() + LINK_LIFETIME_MS;
  const demo = key === undefined ? '' : demoSection(resources, (resource) => pageLink(key, resource, expires));
  return htmlPage(
    'NovaMind',
    `<h1>NovaMind</h1>
<p>A FHIR R4 server for psychiatric care: wearable recordings come in as FHIR, a digital twin comes out, a risk is
predicted, an alert reaches its subscriber, and a note is drafted. Everything is done through the API at
<code>${escapeHtml(edge.world.base)}</code> with an access token.</p>
<ul>
<li><a href="/docs">API documentation</a>: every request, to be tried out with a token (<a href="/openapi.json">OpenAPI</a>)</li>
<li><a href="/fhir/metadata?_format=html">Capability statement</a></li>
<li><a href="/health">Health</a> and <a href="/ready">readiness</a></li>
</ul>
${demo}`,
  );
}

const demoSection = (resources: readonly DemoResource[], link: (resource: DemoResource) => string): string =>
  resources.length === 0
    ? '<h2>Demo</h2>\n<p class="quiet">Run <code>npm run demo</code> to see a patient’s twin and note here.</p>'
    : `<h2>Demo</h2>\n<ul>\n${resources
        .map((resource) => `<li><a href="${escapeHtml(link(resource))}">${escapeHtml(resource.title)}</a></li>`)
        .join('\n')}\n</ul>`;
