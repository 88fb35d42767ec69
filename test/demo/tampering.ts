import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** A proxy before a server, which passes everything on but the answers that `response` changes. */
export async function tampering(
  origin: string,
  {
    response = (exchange) => exchange,
  }: { readonly response?: (exchange: Exchange) => Pick<Exchange, 'status' | 'text'> },
) {
  const server = createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const [method, path] = [incoming.method ?? 'GET', incoming.url ?? '/'];
    const asked = Buffer.concat(pieces).toString();
    const { authorization, accept, 'content-type': type } = incoming.headers;
    const answer = await fetch(origin + path, {
      method,
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(accept !== undefined && { accept }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(asked !== '' && { body: asked }),
    });
    const { status, text } = response({ method, path, status: answer.status, text: await answer.text() });
    outgoing.writeHead(status, { 'content-type': 'application/fhir+json' }).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    stop: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
}
