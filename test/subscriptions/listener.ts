import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification as it arrived. */
export interface Arrived {
  readonly notification: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies freely
  readonly body: any;
}

/** A subscriber: answers what `status` says, and lets a test wait until something has arrived. */
export async function listener(status: (arrived: Arrived) => number = () => 200) {
  const arrived: Arrived[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const one = {
      notification: String(request.headers['x-notification-id']),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    response.writeHead(status(one)).end();
    arrived.push(one);
    for (const look of waiting) look();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrived,
    /** Resolves once `wanted` holds of what has arrived. */
    until: (wanted: (arrived: readonly Arrived[]) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!wanted(arrived)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    stop: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
}
