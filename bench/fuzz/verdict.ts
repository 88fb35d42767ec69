import { isObject, listOf } from '../../src/fhir/resource.ts';
import type { Result } from './connection.ts';
import type { FuzzRequest } from './request.ts';

/** What is wrong with an answer, in words; undefined where nothing is. */
export function fault(request: FuzzRequest, result: Result): string | undefined {
  if (result === 'late') return 'no answer in time';
  // A request that is cut off or no HTTP may find its connection closed: there is nobody to answer.
  if (result === 'closed') return request.raw === undefined ? 'the connection was closed without an answer' : undefined;
  const { status, body } = result;
  if (!(status >= 200 && status < 600)) return `status ${status}`;
  if (status >= 500) return `status ${status}: ${body.toString('utf8', 0, 300)}`;
  const type = result.headers.get('content-type') ?? '';
  if (request.method === 'HEAD') return undefined;
  if (status >= 400) return wrongOutcome(type, body);
  return type.includes('json') ? wrongJson(body) : undefined;
}

function wrongOutcome(type: string, body: Buffer): string | undefined {
  const text = body.toString();
  if (type.includes('html'))
    return text.includes('OperationOutcome') ? undefined : 'a page without its OperationOutcome';
  if (type.includes('xml')) {
    const complete = ['<OperationOutcome', '<severity value="', '<code value="', '<diagnostics value="'];
    return complete.every((part) => text.includes(part)) ? undefined : `no complete outcome: ${text.slice(0, 300)}`;
  }
  if (!type.includes('json')) return `a refusal of type '${type}', not an OperationOutcome: ${text.slice(0, 300)}`;
  const outcome = parsed(text);
  return isCompleteOutcome(outcome) ? undefined : `no complete OperationOutcome: ${text.slice(0, 300)}`;
}

function wrongJson(body: Buffer): string | undefined {
  const answer = body.length === 0 ? null : parsed(body.toString());
  if (answer === undefined) return `JSON that cannot be read: ${body.toString('utf8', 0, 300)}`;
  if (!isObject(answer) || answer['resourceType'] !== 'Bundle') return undefined;
  for (const entry of listOf(answer['entry'])) {
    const response = isObject(entry) && isObject(entry['response']) ? entry['response'] : undefined;
    const status = Number(String(response?.['status'] ?? 200).slice(0, 3));
    if (status >= 500) return `an entry answered ${status}: ${JSON.stringify(response).slice(0, 300)}`;
    if (status >= 400 && !isCompleteOutcome(response?.['outcome']))
      return `an entry refused without an OperationOutcome: ${JSON.stringify(response).slice(0, 300)}`;
  }
  return undefined;
}

const isCompleteOutcome = (outcome: unknown): boolean =>
  isObject(outcome) &&
  outcome['resourceType'] === 'OperationOutcome' &&
  listOf(outcome['issue']).length > 0 &&
  listOf(outcome['issue']).every(
    (issue) =>
      isObject(issue) &&
      ['severity', 'code', 'diagnostics'].every((name) => typeof issue[name] === 'string' && issue[name] !== ''),
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
