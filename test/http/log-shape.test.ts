import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { problemAnswer, traceOf } from '../../src/http/problems.ts';
import { pathShape } from '../../src/http/request-log.ts';
import { pino } from 'pino';

const registry = loadRegistry();

describe('what the log shows of a request', () => {
  test.each([
    ['/fhir/Patient/123', '/fhir/Patient/:id'],
    ['/fhir/Patient/123/_history/2', '/fhir/Patient/:id/_history/:id'],
    ['/fhir/Patient/123/$generate-twin', '/fhir/Patient/:id/$generate-twin'],
    ['/fhir/Patient?name=Smith&_count=5&birthdate=ge1970', '/fhir/Patient?name&_count&birthdate'],
    ['/fhir/Observation?subject:Patient.name=Smith&code=1', '/fhir/Observation?subject&code'],
    ['/fhir/Patient?John%20Smith=1', '/fhir/Patient?…'],
    ['/fhir/Patient?Smith', '/fhir/Patient?…'],
    ['/John/Smith', '/:id/:id'],
    ['/page/Patient~1~abc~sig', '/page/:id'],
    ['/fhir', '/fhir'],
  ])('%s is logged as %s', (url, shape) => {
    expect(pathShape(url, registry)).toBe(shape);
  });
});

test('an unexpected error shows nothing of itself to the client and no message to the log', () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const answer = problemAnswer(new Error('patient John Smith'), 'r1', log);
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer)).toContain('r1');
  expect(JSON.stringify(answer) + lines.join('')).not.toContain('John');
  expect(lines.join('')).toContain('log-shape.test.ts');
  expect(traceOf('text')).toEqual({ error: 'string' });
});
