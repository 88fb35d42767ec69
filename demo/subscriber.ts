import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject } from '../src/fhir/resource.ts';

/** A client that waits for rest-hook notifications (subscription.html) on a free local port. */
export interface Subscriber {
  readonly url: string;
  /** Resolves with the first notification that satisfies `wanted`; rejects after `seconds`. */
  next(wanted: (resource: JsonObject) => boolean, seconds: number): Promise<JsonObject>;
  close(): void;
}

export async function startSubscriber(): Promise<Subscriber> {
  const received: JsonObject[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    if (isObject(body)) received.push(body);
    response.writeHead(200).end();
    for (const wake of waiting) wake();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    next: (wanted, seconds) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no notification within ${seconds} s`));
        }, seconds * 1000);
        const look = (): void => {
          const found = received.find(wanted);
          if (!found) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => server.close(),
  };
}
