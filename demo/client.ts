import { isObject, type JsonObject, listOf } from '../src/fhir/resource.ts';

/** The public HTTP API with one access token: the demo has no other way in. */
export class Client {
  readonly #base: string;
  readonly #token: string | undefined;

  constructor(base: string, token?: string) {
    this.#base = base;
    this.#token = token;
  }

  /** Sends a request and gives back status and body; a step decides what status it wants. */
  async send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: JsonObject; headers: Headers }> {
    const response = await fetch(path === '' ? this.#base : `${this.#base}/${path}`, {
      method,
      headers: {
        accept: 'application/fhir+json',
        ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return { status: response.status, body: isObject(parsed) ? parsed : {}, headers: response.headers };
  }

  /** As `send`, and throws with the OperationOutcome's words where the status is none of `wanted`. */
  async expect(wanted: readonly number[], method: string, path: string, body?: unknown): Promise<JsonObject> {
    const answer = await this.send(method, path, body);
    if (!wanted.includes(answer.status))
      throw new Error(
        `${method} ${path || '/'} answered ${answer.status}, wanted ${wanted.join(' or ')}: ${JSON.stringify(answer.body).slice(0, 800)}`,
      );
    return answer.body;
  }
}

/** How many resources a search finds. */
export const count = async (client: Client, search: string): Promise<number> =>
  Number((await client.expect([200], 'GET', `${search}&_summary=count`))['total']);

/** What a transaction's answer says it wrote, `Type/id`, in order. */
export const locations = (bundle: JsonObject): readonly string[] =>
  listOf(bundle['entry']).flatMap((entry) => {
    const response = isObject(entry) && isObject(entry['response']) ? entry['response'] : {};
    const match = /([A-Za-z]+\/[A-Za-z0-9\-.]+)\/_history/.exec(String(response['location'] ?? ''));
    return match?.[1] ? [match[1]] : [];
  });
