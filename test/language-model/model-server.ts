import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLanguageModel } from '../../src/language-model/client.ts';

/** What a model was asked, as it travelled. */
export interface Asked {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly messages: readonly { role: string; content: string }[] };
}

/** A server that speaks OpenAI's chat completions; `answer` says what it answers, a status where it refuses. */
export async function modelServer(answer: (asked: Asked) => string | number) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString());
    const one = { url: request.url ?? '', authorization: request.headers.authorization, body };
    asked.push(one);
    const said = answer(one);
    if (typeof said === 'number') return void response.writeHead(said, { 'x-should-retry': 'false' }).end('{}');
    const message = { role: 'assistant', content: said };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 0,
        model: body.model,
        choices: [{ index: 0, message }],
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    model: openLanguageModel({
      apiKey: 'sk-test',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      models: { note: 'mental-llama', default: 'small' },
      timeoutMs: 2000,
    }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
