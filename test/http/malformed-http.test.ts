import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Serving, serving } from './serving.ts';

let server: Serving;
beforeAll(async () => {
  server = await serving();
});
afterAll(() => server.stop());

/** All that the server sends back until it ends the connection. */
const exchanged = (origin: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    let received = '';
    socket.on('data', (piece) => {
      received += piece.toString();
    });
    socket.on('end', () => resolve(received)).on('error', reject);
    socket.end(text);
  });

test.each([
  ['no Host', 'GET /fhir/metadata HTTP/1.1\r\n\r\n', 400, 'Host'],
  [
    'an expectation that cannot be met',
    'POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\n{}',
    417,
    '100-continue',
  ],
  [
    'a length that is no number',
    'POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n{}',
    400,
    'HTTP',
  ],
  [
    'two ways to tell the length',
    'POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
    400,
    'HTTP',
  ],
  [
    'a header that is too long',
    `GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    '16 KiB',
  ],
  ['no HTTP at all', '\u0016\u0003\u0001\u0002', 400, 'HTTP'],
])(
  'a request with %s is refused with an OperationOutcome, and nothing after it is heard',
  async (_title, text, status, told) => {
    const hidden = 'PUT /fhir/Patient/smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
    for (const origin of [server.origin, server.expressOrigin]) {
      const answer = await exchanged(origin, text + hidden);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      const { resourceType, issue } = JSON.parse(body);
      expect(resourceType).toBe('OperationOutcome');
      expect(issue[0]).toMatchObject({
        severity: 'error',
        code: 'structure',
        diagnostics: expect.stringContaining(told),
      });
      // What is framed well ends where it says; nothing may be read out of what is not.
      if (text.includes('Host: x')) expect(answer.split('HTTP/1.1 ').length).toBe(2);
    }
  },
);
