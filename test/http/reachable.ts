import { once } from 'node:events';
import { createServer } from 'node:net';
import { operations } from '../../operations/index.ts';
import { served } from '../../src/operation/served.ts';
import { type Serving, serving } from './serving.ts';

/** A server with all operations, whose base is where it really is: clients follow the absolute links of pages. */
export async function reachable(): Promise<Serving> {
  const port = await freePort();
  const all = operations({ models: [], languageModel: undefined, sanitizePhi: true }).map(served);
  return serving({ BASE_URL: `http://127.0.0.1:${port}` }, port, all);
}

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
