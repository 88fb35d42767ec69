import { describe, expect, test } from '@jest/globals';
import type { Result } from '../../bench/fuzz/connection.ts';
import { fuzzRequest } from '../../bench/fuzz/generator.ts';
import { advertised, exampleResources, type Material } from '../../bench/fuzz/material.ts';
import { parsedReply } from '../../bench/fuzz/reply.ts';
import { type FuzzRequest, jsonRequest, wireBytes } from '../../bench/fuzz/request.ts';
import { fault } from '../../bench/fuzz/verdict.ts';

const asked = jsonRequest('POST', '/fhir/Patient', '{}');
const raw: FuzzRequest = { ...asked, raw: Buffer.from('x') };
const reply = (status: number, body: string, type = 'application/fhir+json'): Result =>
  parsedReply(
    Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    false,
    false,
  ) ?? 'late';
const outcome = (issue: object) => JSON.stringify({ resourceType: 'OperationOutcome', issue: [issue] });
const complete = { severity: 'error', code: 'invalid', diagnostics: 'x' };
const bundle = (response: object) => JSON.stringify({ resourceType: 'Bundle', entry: [{ response }] });

describe('the verdict of a fuzz run', () => {
  test.each([
    ['a 5xx', reply(500, outcome(complete)), 'status 500'],
    ['no answer', 'late' as const, 'in time'],
    ['a connection that is closed', 'closed' as const, 'closed'],
    ['a refusal without a body', reply(400, ''), 'no complete OperationOutcome'],
    ['a refusal in another form', reply(404, 'Not Found', 'text/plain'), 'not an OperationOutcome'],
    ['an issue without diagnostics', reply(400, outcome({ severity: 'error', code: 'x' })), 'no complete'],
    ['an outcome without issues', reply(400, '{"resourceType":"OperationOutcome","issue":[]}'), 'no complete'],
    [
      'XML without a code',
      reply(400, '<OperationOutcome><severity value="error"/>', 'application/fhir+xml'),
      'no complete',
    ],
    ['JSON that is cut off', reply(200, '{"a":'), 'cannot be read'],
    ['an entry that is a 5xx', reply(200, bundle({ status: '500' })), 'an entry answered 500'],
    [
      'an entry refused without a reason',
      reply(200, bundle({ status: '404 Not Found' })),
      'without an OperationOutcome',
    ],
  ])('condemns %s', (_title, result, expected) => {
    expect(fault(asked, result)).toContain(expected);
  });

  test.each([
    ['a complete refusal', asked, reply(400, outcome(complete))],
    [
      'an entry refused with a reason',
      asked,
      reply(200, bundle({ status: '404', outcome: JSON.parse(outcome(complete)) })),
    ],
    ['an answer without a body', asked, reply(204, '')],
    ['a connection that is closed on what is no HTTP', raw, 'closed' as const],
  ])('lets %s pass', (_title, request, result) => {
    expect(fault(request, result)).toBeUndefined();
  });

  test('reads chunked and interim answers whole', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const whole = Buffer.from(`${interim}${head}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`);
    expect(parsedReply(whole, false, false)?.body.toString()).toBe('abcd');
    expect(parsedReply(whole.subarray(0, -9), false, false)).toBeUndefined();
  });
});

test('a seed makes the same requests again, and another seed others', () => {
  const parameters = [{ name: 'name', type: 'string' }];
  const statement = advertised({
    rest: [
      { resource: [{ type: 'Patient', searchParam: parameters, searchInclude: ['*'] }], operation: [{ name: 'x' }] },
    ],
  });
  const material: Material = { ...statement, resources: exampleResources(), xml: ['<Patient/>'], cursors: ['abc'] };
  expect(material.resources.length).toBeGreaterThan(200);
  const tokens = { system: 'S', patient: 'P' };
  const made = (seed: number) =>
    Array.from({ length: 300 }, (_, serial) =>
      wireBytes(fuzzRequest(seed, serial, material, tokens, 'h'), new URL('http://h'), 'S').toString('latin1'),
    );
  expect(made(7)).toEqual(made(7));
  expect(made(7)).not.toEqual(made(8));
  expect(new Set(made(7)).size).toBeGreaterThan(250);
});
