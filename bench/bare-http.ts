import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { drive, type Rate } from './drive.ts';

const REPLY = `
const body = Buffer.alloc(800, 'x');
const server = require('node:http').createServer((q, s) => { q.resume(); s.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': 800 }); s.end(body); });
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

/** The physical limit of HTTP here: a bare node:http server that answers 800 bytes, asked by the same client. */
export async function bareHttp(connections: number, seconds: number): Promise<Rate> {
  const child = spawn(process.execPath, ['-e', REPLY], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [port] = await once(child, 'message');
  try {
    return await drive(new URL(`http://127.0.0.1:${port}`), undefined, connections, seconds, () => ({
      method: 'GET',
      path: '/',
      wanted: 200,
    }));
  } finally {
    child.kill();
  }
}
