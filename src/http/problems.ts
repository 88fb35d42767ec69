import type { Logger } from 'pino';
import { operationOutcome, Problem } from '../fhir/problem.ts';
import type { Answer } from '../interactions/answer.ts';

/** The one place that turns failures into answers. What is no Problem is a 500: logged, and nothing of it shown. */
export function problemAnswer(error: unknown, requestId: string, log: Logger): Answer {
  const problem = asProblem(error) ?? unexpected(error, requestId, log);
  return {
    status: problem.status,
    headers: problem.headers,
    body: { kind: 'resource', resource: operationOutcome(problem.issues) },
  };
}

function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  // Express's own refusals (a path that cannot be decoded) carry a client error status.
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500
    ? new Problem('invalid', 'The request cannot be understood.')
    : undefined;
}

function unexpected(error: unknown, requestId: string, log: Logger): Problem {
  log.error({ requestId, ...traceOf(error) }, 'unexpected error');
  return new Problem('unexpected', `An unexpected error occurred. It is logged under ${requestId}.`);
}

/** Where an error came from, without its message: messages quote input, and input is health data. */
export function traceOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...('code' in error && { code: error.code }),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: traceOf(error.cause) }),
  };
}
