import { fhirJson } from './media-types.ts';
import { damaged } from './mutate.ts';
import { oddText } from './odd-values.ts';
import type { Random } from './random.ts';
import type { FuzzRequest } from './request.ts';

const PATIENT = '{"resourceType":"Patient","id":"smuggled"}';
const HIDDEN = `PUT /fhir/Patient/smuggled HTTP/1.1\r\nHost: x\r\nContent-Type: ${fhirJson}\r\nContent-Length: ${PATIENT.length}\r\n\r\n${PATIENT}`;

/** What stands between the request line and the end: framing that is broken, doubled or contradictory. */
const FRAMINGS: readonly (readonly [headers: string, body: string])[] = [
  ['Content-Length: abc', PATIENT],
  ['Content-Length: -1', PATIENT],
  ['Content-Length: 99999999999999999999', PATIENT],
  ['Content-Length: 100000000', PATIENT],
  ['Content-Length: 5', PATIENT],
  ['Content-Length: 1000', PATIENT],
  ['Content-Length: 42\r\nContent-Length: 0', PATIENT],
  ['Content-Length: 42, 42', PATIENT],
  ['Content-Length: +42', PATIENT],
  ['Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${HIDDEN}`],
  ['Content-Length: 0\r\nTransfer-Encoding: chunked', `0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding: xchunked', `0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding : chunked', `0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding: chunked, identity', `2a\r\n${PATIENT}\r\n0\r\n\r\n`],
  ['Transfer-Encoding:\u000bchunked', `0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding: chunked', `2a\r\n${PATIENT}\r\n0\r\n\r\n`],
  ['Transfer-Encoding: chunked', `zz\r\n${PATIENT}\r\n0\r\n\r\n`],
  ['Transfer-Encoding: chunked', `ffffffffffffffff\r\n${PATIENT}`],
  ['Transfer-Encoding: chunked', `-1\r\n${PATIENT}\r\n0\r\n\r\n`],
  ['Transfer-Encoding: chunked', `2a;${'a=b;'.repeat(5000)}\r\n${PATIENT}\r\n0\r\n\r\n`],
  ['Transfer-Encoding: chunked', `2a\r\n${PATIENT}\r\n0\r\nTrailer: x\r\nContent-Length: 5\r\n\r\n`],
  ['Transfer-Encoding: chunked', `2a\r\n${PATIENT.slice(0, 10)}`],
  ['Expect: 100-continue\r\nContent-Length: 42', PATIENT],
  ['Expect: 200-maybe\r\nContent-Length: 42', PATIENT],
  ['Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 42', PATIENT],
  ['Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', ''],
  [`X-Long: ${'a'.repeat(20_000)}`, ''],
  [Array.from({ length: 3000 }, (_, n) => `X-${n}: 1`).join('\r\n'), ''],
  ['X: a\r\n folded', ''],
  ['X: \u0000', ''],
  ['X\u0001: a', ''],
  [': a', ''],
  ['no colon', ''],
  ['Content-Encoding: gzip\r\nContent-Length: 42', PATIENT],
  ['Content-Encoding: br, gzip\r\nContent-Length: 42', PATIENT],
  ['', HIDDEN],
];
const LINES: readonly string[] = [
  'POST /fhir/Patient HTTP/1.1',
  'POST /fhir/Patient HTTP/1.1',
  'POST /fhir/Patient HTTP/1.1',
  'PUT /fhir/Patient/p1 HTTP/1.1',
  'GET /fhir/Patient/p1 HTTP/1.1',
  'GET http://elsewhere.test/fhir/Patient/p1 HTTP/1.1',
  'GET //fhir//Patient HTTP/1.1',
  'GET /fhir/%2e%2e/health HTTP/1.1',
  'GET /fhir/Patient/p1 HTTP/1.0',
  'GET /fhir/Patient/p1 HTTP/2.0',
  'GET /fhir/Patient/p1 HTTP/9.9',
  'GET /fhir/Patient/p1',
  'GET  /fhir/Patient/p1 HTTP/1.1',
  'get /fhir/Patient/p1 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT x:1 HTTP/1.1',
  'TRACE /fhir HTTP/1.1',
  'PROPFIND /fhir HTTP/1.1',
  'FOO /fhir HTTP/1.1',
  'PRI * HTTP/2.0',
  '\u0016\u0003\u0001\u0002\u0000\u0001',
  '',
];

/** Bytes that are no well-formed HTTP, or that front ends and servers read differently. */
export function rawHttp(random: Random, host: string, token: string): FuzzRequest {
  const line = random.chance(0.9) ? random.pick(LINES) : `GET /fhir/${oddText(random)} HTTP/1.1`;
  const [framing, body] = random.pick(FRAMINGS);
  const headers = [
    random.chance(0.9) ? `Host: ${host}` : random.pick(['', 'Host: a\r\nHost: b', 'Host: \u0001', 'Host:']),
    random.chance(0.9) ? `Authorization: Bearer ${token}` : `Authorization: ${oddText(random).slice(0, 500)}`,
    `Content-Type: ${fhirJson}`,
    framing,
  ];
  const text = `${line}\r\n${headers.filter((header) => header !== '').join('\r\n')}\r\n\r\n${body}`;
  const bytes = Buffer.from(text, 'latin1');
  return {
    method: line.split(' ')[0] ?? '',
    target: line.split(' ')[1] ?? '',
    headers: [],
    raw: random.chance(0.2) ? damaged(random, bytes) : bytes,
  };
}
