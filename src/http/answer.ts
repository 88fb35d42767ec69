import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { writeJson } from '../fhir/json.ts';
import type { Answer, AnswerBody } from '../interactions/answer.ts';
import type { Forms } from './forms.ts';
import { mediaType, type Wanted } from './negotiate.ts';
import { prettyJson } from './pretty-json.ts';

/** An answer as it goes out: `headers` is a flat list of names and values. */
export interface Rendered {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
}

/** Smaller bodies gain nothing from compression. */
const COMPRESS_FROM = 1024;
/** Up to here copying a body costs less than a gathered write. */
const ONE_WRITE_BYTES = 16_384;
const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

const CONTENT_TYPES = {
  'fhir+json': 'application/fhir+json; charset=utf-8',
  json: 'application/json; charset=utf-8',
  'fhir+xml': 'application/fhir+xml; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const;

/** What an answer depends on besides its URL; a 304 repeats it (RFC 9110, 15.4.5). */
const VARY = 'Accept, Accept-Encoding';

/** Turns an answer into headers and bytes. Throws Problem `not-acceptable` where the form that is wanted cannot hold it. */
export function render(answer: Answer, wanted: Wanted, forms: Forms): Rendered {
  const headers: string[] = [];
  for (const name in answer.headers) headers.push(name, answer.headers[name] ?? '');
  const { body } = answer;
  if (body === undefined) {
    // A status that permits a body must say that there is none, else the client waits for one.
    if (answer.status === 304) headers.push('Vary', VARY);
    else if (answer.status !== 204) headers.push('Content-Length', '0');
    return { status: answer.status, headers, body: undefined };
  }
  if (body.kind === 'raw') {
    // Content that a client stored must not act as a page of this server.
    headers.push('Content-Type', body.contentType, 'Vary', VARY);
    headers.push('Content-Security-Policy', "default-src 'none'; sandbox");
    return { status: answer.status, headers, body: body.bytes };
  }
  const { format, bytes } = written(body, wanted, answer.status, forms);
  headers.push('Content-Type', CONTENT_TYPES[format], 'Vary', VARY);
  return { status: answer.status, headers, body: bytes };
}

function written(
  body: Exclude<AnswerBody, { kind: 'raw' }>,
  wanted: Wanted,
  status: number,
  forms: Forms,
): { readonly format: Wanted['format']; readonly bytes: Buffer } {
  const { format, pretty } = wanted;
  const json = jsonBytes(body);
  if (format === 'html') return { format, bytes: Buffer.from(forms.page(json.toString(), status)) };
  const isXml = format === 'fhir+xml' || format === 'xml';
  const xml = isXml ? forms.xml(json, pretty) : undefined;
  if (xml !== undefined) return { format, bytes: Buffer.from(xml) };
  return { format: isXml ? 'json' : format, bytes: pretty ? Buffer.from(`${prettyJson(json.toString())}\n`) : json };
}

/** Complete FHIR JSON of an answer's body. */
export function jsonBytes(body: Exclude<AnswerBody, { kind: 'raw' }>): Buffer {
  switch (body.kind) {
    case 'bytes':
      return body.bytes;
    case 'pieces':
      return Buffer.concat(body.pieces);
    case 'resource':
      return Buffer.from(writeJson(body.resource));
    default:
      return body satisfies never;
  }
}

/** Sends it, compressed where the client accepts that and it pays; HEAD gets the headers alone. Resolves when it is handed to the socket. */
export async function send(
  response: ServerResponse,
  rendered: Rendered,
  extra: readonly string[],
  acceptEncoding: string | undefined,
): Promise<void> {
  if (response.destroyed) return;
  const headers = [...extra, ...rendered.headers];
  let { body } = rendered;
  if (body !== undefined) {
    if (acceptEncoding !== undefined && body.length > COMPRESS_FROM) {
      const coding = codingOf(acceptEncoding);
      if (coding !== undefined) {
        body = coding === 'br' ? await brotlied(body, BROTLI) : await gzipped(body, { level: 4 });
        headers.push('Content-Encoding', coding);
      }
    }
    headers.push('Content-Length', String(body.length));
  }
  response.writeHead(rendered.status, headers);
  if (body === undefined || response.req.method === 'HEAD') response.end();
  // The same bytes as text: node:http then sends head and body in one write instead of gathering two buffers.
  else if (body.length <= ONE_WRITE_BYTES) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

/** The coding that the client prefers of those it accepts, br where it is all the same (RFC 9110, 12.5.3); undefined for none. */
function codingOf(acceptEncoding: string): 'br' | 'gzip' | undefined {
  const weights = new Map(
    acceptEncoding.split(',').map((part) => {
      const { type, q } = mediaType(part);
      return [type.replace(/^x-gzip$/, 'gzip'), q];
    }),
  );
  const weight = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const coding = weight('gzip') > weight('br') ? 'gzip' : 'br';
  return weight(coding) > 0 && weight(coding) >= (weights.get('identity') ?? 0) ? coding : undefined;
}
