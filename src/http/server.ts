import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { operationOutcome } from '../fhir/problem.ts';
import { app } from './app.ts';
import type { Edge } from './edge.ts';
import { fhirEndpoint } from './fhir-endpoint.ts';
import { hotPath } from './hot-path.ts';

/** A listening server. */
export interface Listening {
  readonly port: number;
  /** Takes no new connection, lets requests in flight finish for at most `graceMs`, then cuts what is left. */
  stop(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** False sends everything through Express; for the test that holds both ways equal. */
  readonly hotPath?: boolean;
}

/** Starts serving. Rejects where the address cannot be had. */
export function listen(edge: Edge, options: ListenOptions): Promise<Listening> {
  const endpoint = fhirEndpoint(edge);
  const express = app(edge, endpoint);
  const server = createServer(
    // node:http's own refusals have no body; ours are OperationOutcomes.
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      requestTimeout: 120_000,
      noDelay: true,
      requireHostHeader: false,
    },
    withHost(options.hotPath === false ? express : hotPath(endpoint, express)),
  );
  server.on('checkExpectation', (_request, response: ServerResponse) =>
    refuse(response, 417, 'Of the expectations of RFC 9110 only 100-continue can be met.'),
  );
  server.on('clientError', refuseMalformed);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      resolve({ port, stop: (graceMs) => stopped(server, graceMs) });
    });
  });
}

/** A request of HTTP/1.1 without Host is refused (RFC 9112 §3.2). */
const withHost =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (request.headers.host !== undefined || request.httpVersion !== '1.1') listener(request, response);
    else refuse(response, 400, 'A request of HTTP/1.1 names its Host.');
  };

function refuse(response: ServerResponse, status: number, diagnostics: string): void {
  const body = outcome(diagnostics);
  response
    .writeHead(status, { ...OUTCOME_TYPE, 'Content-Length': Buffer.byteLength(body), Connection: 'close' })
    .end(body);
}
const OUTCOME_TYPE = { 'Content-Type': 'application/fhir+json; charset=utf-8' };
const outcome = (diagnostics: string): string =>
  JSON.stringify(operationOutcome([{ severity: 'error', code: 'structure', diagnostics }]));

const SWEEP_MS = 20;

function stopped(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // What is answered from now on ends its connection, so that keep-alive does not hold the server up.
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // Connections whose last request was taken up before would else idle on until their keep-alive ends.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
  });
}

const MALFORMED: Readonly<Record<string, readonly [line: string, diagnostics: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request line and headers exceed 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

/** What the HTTP parser refuses never reaches a handler; it is answered on the bare socket. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [line, diagnostics] = MALFORMED[error.code ?? ''] ?? [
    '400 Bad Request',
    'The request is not well-formed HTTP.',
  ];
  const body = outcome(diagnostics);
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/fhir+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
