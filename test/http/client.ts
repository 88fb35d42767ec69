import { expect } from '@jest/globals';
import type { Serving } from './serving.ts';

/** A client of a server under test, with a token for everything. */
export interface Client {
  readonly token: string;
  authorised(token?: string): { authorization: string };
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export async function client(server: Serving): Promise<Client> {
  const token = await server.token('system/*.cruds');
  const authorised = (other = token) => ({ authorization: `Bearer ${other}` });
  return {
    token,
    authorised,
    get: (path, headers = authorised()) => fetch(server.origin + path, { headers }),
    post: (path, body, headers = {}) =>
      fetch(server.origin + path, {
        method: 'POST',
        headers: { ...authorised(), 'content-type': 'application/fhir+json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
  };
}

/** The first issue of an answer that must be an OperationOutcome. */
export async function outcome(response: Response): Promise<{ code: string; diagnostics: string }> {
  const body = await json(response);
  expect(body.resourceType).toBe('OperationOutcome');
  const [issue] = body.issue;
  if (!issue) throw new Error('an OperationOutcome without an issue');
  return issue;
}

/** What these tests read of an answer's JSON. */
export interface Body {
  readonly resourceType: string;
  readonly id: string;
  readonly total: number;
  readonly capabilities: readonly string[];
  readonly issue: readonly { readonly code: string; readonly diagnostics: string }[];
}

export const json = async (response: Response): Promise<Body> => (await response.json()) as Body;
