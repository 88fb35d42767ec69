import { connect, type Socket } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  readonly head: string;
}

/** HTTP/1.1 over one kept-alive socket, one request at a time: a client that leaves the shared cores to the server. */
export class Connection {
  readonly #socket: Socket;
  readonly #head: string;
  #pieces: Buffer[] = [];
  #size = 0;
  #done: ((reply: Reply) => void) | undefined;
  #failed: ((reason: Error) => void) | undefined;

  constructor(origin: URL, token: string | undefined) {
    this.#head = `Host: ${origin.host}\r\nAccept: application/fhir+json\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}`;
    this.#socket = connect({ host: origin.hostname, port: Number(origin.port), noDelay: true });
    this.#socket.on('data', (piece) => this.#take(piece));
    this.#socket.on('error', (error) => this.#failed?.(error));
    this.#socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  send(method: string, path: string, body?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#pieces = [];
      this.#size = 0;
      const payload =
        body === undefined
          ? ''
          : `Content-Type: application/fhir+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
      this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${payload}\r\n${body ?? ''}`);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const all = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#failed?.(new Error('a chunked answer'));
      return;
    }
    if (this.#size < end + 4 + length) {
      this.#pieces = [all];
      return;
    }
    const done = this.#done;
    this.#done = undefined;
    done?.({ status: Number(head.slice(9, 12)), head, body: all.subarray(end + 4, end + 4 + length) });
  }
}
