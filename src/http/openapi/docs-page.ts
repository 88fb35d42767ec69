/** What the documentation may load and call: this server alone. Swagger UI draws its icons as data: images. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page of the documentation: one resource type at a time beside what is of no type, since all of them at once take Swagger UI many seconds. */
export const docsPage = (resourceTypes: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API — NovaMind</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<header>
<a href="/">NovaMind</a>
<label>Resource type <select id="type">
${resourceTypes.map((type) => `<option>${type}</option>`).join('\n')}
<option value="">All types (slow)</option>
</select></label>
</header>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript; the description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/docs.js"></script>
</body>
</html>
`;

export const DOCS_STYLE = `
body { margin: 0; }
body > header { display: flex; justify-content: space-between; align-items: center; padding: .8rem 1.2rem; border-bottom: 1px solid #d8dee6; font: 600 16px/1.55 system-ui, sans-serif; }
body > header a { color: #1c2430; text-decoration: none; }
body > header label { font-weight: 400; color: #5b6675; }
body > header select { font: inherit; margin-left: .4rem; padding: .2rem .4rem; border: 1px solid #d8dee6; border-radius: 6px; background: #fff; color: #1c2430; }
`;

/**
 * No validator service, no stored tokens, every group folded. The description is JSON:
 * read as such, and not as the YAML that Swagger UI takes everything for, it is there in a fraction of the time.
 */
export const DOCS_SCRIPT = `const readJson = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        parseToJson: (_original, system) => (text) => system.specActions.updateJsonSpec(JSON.parse(text)),
      },
    },
  },
});
const type = new URLSearchParams(location.search).get('type') ?? 'Patient';
const choice = document.getElementById('type');
choice.value = type;
choice.addEventListener('change', () => {
  location.href = '/docs?type=' + encodeURIComponent(choice.value);
});
SwaggerUIBundle({
  url: type === '' ? '/openapi.json' : '/openapi.json?type=' + encodeURIComponent(type),
  dom_id: '#swagger-ui',
  plugins: [readJson],
  validatorUrl: null,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  displayRequestDuration: true,
});
`;
