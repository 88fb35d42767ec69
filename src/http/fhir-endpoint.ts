import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ANONYMOUS } from '../access/permit-for.ts';
import type { Permit } from '../access/permit.ts';
import { Problem } from '../fhir/problem.ts';
import type { Answer } from '../interactions/answer.ts';
import { interact } from '../interactions/interact.ts';
import type { FhirRequest, Method } from '../interactions/request.ts';
import { type Rendered, render, send } from './answer.ts';
import { corsHeaders, isPreflight } from './cors.ts';
import type { Edge } from './edge.ts';
import { type Forms, formsOf } from './forms.ts';
import { nativeAnswer, nativeBody } from './binary.ts';
import { DEFAULT_FORMAT, isServedVersion, mediaType, negotiate, type Wanted } from './negotiate.ts';
import { parsedBody } from './parsed-body.ts';
import { problemAnswer } from './problems.ts';
import { remoteAddress } from './remote-address.ts';
import { ClientGone, requestBody } from './request-body.ts';
import { type Target, targetOf } from './target.ts';

/** Answers one request at or below the FHIR base; never rejects. `extra` are headers that every answer of the caller carries. */
export type FhirEndpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  extra: readonly string[],
) => Promise<void>;

/** Without it a browser keeps health data, and gives it again unasked for a tenth of its age (RFC 9111, 4.2.2). */
const NOT_STORED = ['Cache-Control', 'no-store'];
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies Method[]);
const isMethod = (method: string | undefined): method is Method => method !== undefined && METHODS.has(method);
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** A client's correlation id where it is well formed, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const stated = request.headers['x-request-id'];
  return typeof stated === 'string' && REQUEST_ID.test(stated) ? stated : randomUUID();
}

/** The one pipeline: limit → bearer → negotiate → body → interaction → bytes → log. The hot path and Express both run it. */
export function fhirEndpoint(edge: Edge): FhirEndpoint {
  const forms = formsOf(edge.world.registry, edge.world.base);
  return async (request, response, url, extra) => {
    const started = performance.now();
    const requestId = requestIdOf(request);
    const exchange: Exchange = { wanted: DEFAULT_FORMAT, permit: ANONYMOUS };
    let answer: Answer;
    try {
      answer = await answered(edge, request, response, url, requestId, exchange);
    } catch (error) {
      // The connection is gone and with it whoever would read an answer.
      if (error instanceof ClientGone) return;
      answer = problemAnswer(error, requestId, edge.log);
    }
    try {
      const headers = [...extra, ...NOT_STORED, 'X-Request-Id', requestId, ...corsHeaders(request, edge.corsOrigins)];
      await send(
        response,
        rendered(edge, request, answer, exchange.wanted, forms),
        headers,
        request.headers['accept-encoding'] as string,
      );
    } catch (error) {
      problemAnswer(error, requestId, edge.log);
      response.destroy();
    }
    edge.logRequest({
      requestId,
      method: request.method ?? '',
      url,
      status: answer.status,
      took: Math.round((performance.now() - started) * 100) / 100,
      client: exchange.permit.agent.client,
    });
  };
}

/** The answer in the form that was asked for, or JSON where XML cannot hold it: what was done is told, what was asked for refused. */
function rendered(edge: Edge, request: IncomingMessage, answer: Answer, wanted: Wanted, forms: Forms): Rendered {
  try {
    return render(answer, wanted, forms);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const isAsking = answer.status < 400 && (request.method === 'GET' || request.method === 'HEAD');
    const told = isAsking ? problemAnswer(error, requestIdOf(request), edge.log) : answer;
    return render(told, DEFAULT_FORMAT, forms);
  }
}

/** What becomes known while a request is worked on, also to the answer of one that fails halfway. */
interface Exchange {
  wanted: Wanted;
  permit: Permit;
}

async function answered(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  requestId: string,
  exchange: Exchange,
): Promise<Answer> {
  const { method } = request;
  const address = remoteAddress(request, edge.trustedProxies);
  const target = targetOf(url);
  exchange.wanted = negotiate(request.headers.accept, target.query, target.path[0] === 'Binary');
  if (isPreflight(request)) return { status: 204, headers: {} };
  const open = openAnswer(edge, method, target);
  if (open !== undefined) {
    await edge.rateLimit?.(`address ${address}`, response);
    if (open !== 'interaction') return open;
  } else {
    exchange.permit = await authenticated(edge, request, response, address);
  }
  if (!isMethod(method)) {
    throw new Problem('method-not-allowed', `${method} is not supported.`, {
      headers: { Allow: [...METHODS].join(', ') },
    });
  }
  const caller = { permit: exchange.permit, requestId, remoteAddress: address };
  const asked = await fhirRequest(edge, request, method, target);
  if (asked.contentType === FORM && asked.body !== undefined) {
    exchange.wanted = negotiate(request.headers.accept, [
      ...target.query,
      ...new URLSearchParams(asked.body.toString()),
    ]);
  }
  return nativeAnswer(await interact(edge.world, caller, asked), method, target, request.headers.accept);
}

/** The capability statement and the SMART configuration need no token (SMART App Launch, conformance.html). */
function openAnswer(edge: Edge, method: string | undefined, { path }: Target): Answer | 'interaction' | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (path.length === 1 && path[0] === 'metadata') return 'interaction';
  if (path.length !== 2 || path[0] !== '.well-known' || path[1] !== 'smart-configuration') return undefined;
  const bytes = Buffer.from(JSON.stringify(edge.smart));
  return { status: 200, headers: {}, body: { kind: 'raw', bytes, contentType: 'application/json' } };
}

/** Requests with a good token count against its client and token, all others against their address. */
async function authenticated(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  address: string,
): Promise<Permit> {
  try {
    const permit = await edge.bearer(request);
    await edge.rateLimit?.(`token ${permit.agent.client} ${permit.agent.tokenId ?? ''}`, response);
    return permit;
  } catch (error) {
    if (error instanceof Problem && error.kind === 'unauthenticated')
      await edge.rateLimit?.(`address ${address}`, response);
    throw error;
  }
}

async function fhirRequest(edge: Edge, request: IncomingMessage, method: Method, target: Target): Promise<FhirRequest> {
  const headers = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  // Both are answered at the rim: interactions see what asks for content, not for its form.
  const query = target.query.some(isForm) ? target.query.filter((pair) => !isForm(pair)) : target.query;
  const base = { method, path: target.path, query, headers };
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return base;
  const stated = request.headers['content-type'];
  const body = await requestBody(request, edge.world.limits.bodyBytes);
  if (stated === undefined) return { ...base, body };
  const native = nativeBody(edge.world.registry, { path: target.path, query }, method, body, headers);
  if (native !== undefined) return { ...base, body, parsed: native };
  const { type, charset, fhirVersion } = mediaType(stated);
  if (!isServedVersion(fhirVersion)) {
    throw new Problem('unsupported-media-type', `fhirVersion=${fhirVersion} is not supported; 4.0 is.`);
  }
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new Problem('unsupported-media-type', `charset=${charset} is not supported; utf-8 is.`);
  }
  const parsed = parsedBody(edge.world.registry, body, type);
  return { ...base, body, contentType: type, ...(parsed !== undefined && { parsed }) };
}

const FORM = 'application/x-www-form-urlencoded';

const isForm = ([name]: readonly [string, string]): boolean => name === '_format' || name === '_pretty';
