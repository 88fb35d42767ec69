import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { Problem } from '../../fhir/problem.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import { ROUTES } from '../../interactions/routes.ts';
import { send } from '../answer.ts';
import type { Edge } from '../edge.ts';
import { openApiDocument } from './document.ts';
import { ofType } from './of-type.ts';
import { DOCS_POLICY, DOCS_SCRIPT, DOCS_STYLE, docsPage } from './docs-page.ts';

/** Files of swagger-ui-dist that the page asks for; no other of that package is served. */
const FILES: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);

/** `/openapi.json`, and `/docs`, where Swagger UI shows it and sends requests. Both are open: they hold no data. */
export function documentation(edge: Edge): Router {
  const router = Router();
  router.get('/openapi.json', openApi(edge));
  router.get('/docs', page('html', docsPage(edge.world.registry.resourceTypes)));
  router.get('/docs/docs.css', page('css', DOCS_STYLE));
  router.get('/docs/docs.js', page('js', DOCS_SCRIPT));
  router.get('/docs/:file', swaggerFile);
  return router;
}

/** The whole description, or with `?type=` that of one resource type. */
function openApi(edge: Edge): RequestHandler {
  let whole: JsonObject | undefined;
  const made = new Map<string, { readonly bytes: Buffer; readonly tag: string }>();
  const describe = (type: string) => {
    whole ??= openApiDocument(edge.world, ROUTES);
    const bytes = Buffer.from(JSON.stringify(type === '' ? whole : ofType(whole, type)));
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    made.set(type, { bytes, tag });
    return { bytes, tag };
  };
  return async (request, response) => {
    const { type = '' } = request.query;
    if (typeof type !== 'string' || (type !== '' && !edge.world.registry.isResourceType(type)))
      throw new Problem('invalid', 'type must name one resource type', { expression: ['type'] });
    const { bytes, tag } = made.get(type) ?? describe(type);
    const headers = ['ETag', tag, 'Cache-Control', 'public, max-age=300', 'Access-Control-Allow-Origin', '*'];
    if (request.headers['if-none-match'] === tag) {
      await send(response, { status: 304, headers, body: undefined }, [], undefined);
      return;
    }
    const stated = [...headers, 'Content-Type', 'application/json; charset=utf-8', 'Vary', 'Accept-Encoding'];
    const coding = request.headers['accept-encoding'];
    await send(response, { status: 200, headers: stated, body: bytes }, [], coding?.toString());
  };
}

const page =
  (type: string, text: string): RequestHandler =>
  (_request, response) => {
    response
      .set('Content-Security-Policy', DOCS_POLICY)
      .set('Cache-Control', 'public, max-age=300')
      .type(type)
      .send(text);
  };

const swaggerFile: RequestHandler<{ file: string }> = (request, response, next) => {
  const { file } = request.params;
  if (!FILES.has(file)) throw new Problem('not-found', `There is no ${file} in the documentation.`);
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  response.sendFile(file, { root, maxAge: '1d' }, (error?: Error) => {
    if (error && !response.headersSent) next(error);
  });
};
