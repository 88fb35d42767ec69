import { connect, type Socket } from 'node:net';
import { parsedReply, type Reply } from './reply.ts';

/** What came of a request. */
export type Result = Reply | 'closed' | 'late';

/** One kept-alive socket, opened again whenever the server or an odd request has ended it. */
export class Connection {
  readonly #origin: URL;
  #socket: Socket | undefined;

  constructor(origin: URL) {
    this.#origin = origin;
  }

  /**
   * Sends the bytes and resolves with the first final answer, 'closed' where the connection ends without one, or 'late'
   * after `limitMs`. `last` half-closes after the bytes and drops the connection after the answer.
   */
  send(bytes: Buffer, isHead: boolean, last: boolean, limitMs: number): Promise<Result> {
    const socket = this.#open();
    return new Promise((resolve) => {
      let received: Buffer = Buffer.alloc(0);
      const finish = (result: Result): void => {
        clearTimeout(timer);
        socket.off('data', take).off('close', closed).off('end', closed);
        const stays = !last && typeof result === 'object' && !result.closes;
        if (!stays) this.close();
        resolve(result);
      };
      const take = (piece: Buffer): void => {
        received = received.length === 0 ? piece : Buffer.concat([received, piece]);
        const reply = parsedReply(received, isHead, false);
        if (reply !== undefined) finish(reply);
      };
      const closed = (): void => finish(parsedReply(received, isHead, true) ?? 'closed');
      const timer = setTimeout(() => finish('late'), limitMs);
      socket.on('data', take).once('close', closed).once('end', closed);
      socket.write(bytes);
      if (last) socket.end();
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = connect({ host: this.#origin.hostname, port: Number(this.#origin.port), noDelay: true });
    // 'close' follows every error and ends the exchange.
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }
}
