import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { Problem } from '../fhir/problem.ts';
import { interact } from '../interactions/interact.ts';
import { jsonBytes, render, send } from './answer.ts';
import type { Edge } from './edge.ts';
import { type FhirEndpoint, requestIdOf } from './fhir-endpoint.ts';
import { readinessOf } from './health.ts';
import { formsOf } from './forms.ts';
import { DEFAULT_FORMAT } from './negotiate.ts';
import { documentation } from './openapi/routes.ts';
import { frontPage } from './page/front-page.ts';
import { ICON, STYLESHEET } from './page/html.ts';
import { openPageLink, pagePermit } from './page/page-link.ts';
import { resourcePage } from './page/resource-page.ts';
import { problemAnswer } from './problems.ts';
import { remoteAddress } from './remote-address.ts';
import { securityHeaders } from './security-headers.ts';
import { originForm } from './target.ts';

/** The Express application: pages, health, and the FHIR endpoint for what the hot path passes on. */
export function app(edge: Edge, endpoint: FhirEndpoint): Express {
  const application = express();
  application.disable('x-powered-by');
  application.disable('etag');
  application.use(securityHeaders);
  application.use('/fhir', (request, response) => endpoint(request, response, originForm(request.originalUrl), []));
  application.use(logged(edge));
  application.get('/health', (_request, response) => void response.json({ status: 'ok' }));
  application.get('/ready', async (_request, response) => {
    const health = await readinessOf(edge.readiness, edge.log);
    response.status(health.status).json(health.body);
  });
  application.use(limited(edge));
  application.get('/', async (_request, response) => void response.type('html').send(await frontPage(edge)));
  application.get('/page.css', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('css').send(STYLESHEET);
  });
  application.get('/icon.svg', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type('svg').send(ICON);
  });
  application.use(documentation(edge));
  application.get('/page/:link', linkedPage(edge));
  application.use((request) => {
    throw new Problem('not-found', `There is nothing at ${request.path}; the FHIR base is ${edge.world.base}.`);
  });
  application.use(async (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const answer = problemAnswer(error, requestIdOf(request), edge.log);
    const wanted =
      request.accepts(['json', 'html']) === 'html' ? ({ format: 'html', pretty: false } as const) : DEFAULT_FORMAT;
    await send(response, render(answer, wanted, formsOf(edge.world.registry)), [], undefined);
  });
  return application;
}

const logged =
  (edge: Edge): RequestHandler =>
  (request, response, next) => {
    const started = performance.now();
    const requestId = requestIdOf(request);
    request.headers['x-request-id'] = requestId;
    response.set('X-Request-Id', requestId);
    response.once('finish', () =>
      edge.logRequest({
        requestId,
        method: request.method,
        url: request.originalUrl,
        status: response.statusCode,
        took: Math.round((performance.now() - started) * 100) / 100,
      }),
    );
    next();
  };

const limited =
  (edge: Edge): RequestHandler =>
  async (request, response, next) => {
    await edge.rateLimit?.(`address ${remoteAddress(request, edge.trustedProxies)}`, response);
    next();
  };

/** One resource as a page for whoever holds a signed link to it; what it refers to needs a token or a link of its own. */
const linkedPage =
  (edge: Edge): RequestHandler<{ link: string }> =>
  async (request, response) => {
    const key = edge.pageLinkKey && openPageLink(edge.pageLinkKey, request.params.link, edge.world.now());
    if (key === undefined) throw new Problem('not-found', 'This link is not valid, or no longer.');
    const caller = {
      permit: pagePermit(key),
      requestId: requestIdOf(request),
      remoteAddress: remoteAddress(request, edge.trustedProxies),
    };
    const answer = await interact(edge.world, caller, {
      method: 'GET',
      path: [key.type, key.id],
      query: [],
      headers: () => undefined,
    });
    if (answer.body === undefined || answer.body.kind === 'raw')
      throw new Problem('not-found', 'There is no page for it.');
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(resourcePage(jsonBytes(answer.body).toString(), answer.status));
  };
