import { fhirJson } from './media-types.ts';

/** One request of the fuzz run. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query as they go on the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
  /** The whole request where it is no well-formed HTTP; the connection ends after it. */
  readonly raw?: Buffer;
}

const METHODS_THAT_WRITE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const LONGEST_LINE = 4000;

/** True for what may change data; a search by POST does not. */
export const mayWrite = ({ method, target, raw }: FuzzRequest): boolean =>
  raw === undefined && METHODS_THAT_WRITE.has(method) && !target.includes('_search');

/** A request with a JSON body. */
export const jsonRequest = (
  method: string,
  target: string,
  body: Buffer | string,
  contentType = fhirJson,
): FuzzRequest => ({ method, target, headers: [['Content-Type', contentType]], body: Buffer.from(body) });

/** The request's bytes as HTTP/1.1. */
export function wireBytes(request: FuzzRequest, origin: URL, token: string): Buffer {
  if (request.raw !== undefined) return request.raw;
  const stated = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const lines = [`${request.method} ${request.target} HTTP/1.1`, `Host: ${origin.host}`];
  if (!stated.has('authorization')) lines.push(`Authorization: Bearer ${token}`);
  for (const [name, value] of request.headers) lines.push(`${name}: ${value}`);
  if (request.body !== undefined) lines.push(`Content-Length: ${request.body.length}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return request.body === undefined ? head : Buffer.concat([head, request.body]);
}

/** A shell line that sends the request again; long ones are left to `FUZZ_ONLY`. */
export function shellLine(request: FuzzRequest, origin: URL): string {
  const { raw, method, target, headers, body } = request;
  if (raw !== undefined) return clipped(`printf ${octal(raw)} | nc -q 5 ${origin.hostname} ${origin.port}`);
  const stated = headers.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join('');
  const token = headers.some(([name]) => name === 'Authorization') ? '' : ' -H "Authorization: Bearer $TOKEN"';
  const curl = `curl -sSi -g --path-as-is -X ${quoted(method)}${token}${stated} ${quoted(`${origin.origin}${target}`)}`;
  return clipped(body === undefined ? curl : `printf ${octal(body)} | ${curl} --data-binary @-`);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const octal = (bytes: Buffer): string =>
  `'${[...bytes.subarray(0, LONGEST_LINE)].map((byte) => (byte >= 32 && byte < 127 && byte !== 37 && byte !== 39 && byte !== 92 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}'`;
const clipped = (line: string): string =>
  line.length <= LONGEST_LINE ? line : `${line.slice(0, 300)}… (${line.length} characters: use FUZZ_ONLY)`;
