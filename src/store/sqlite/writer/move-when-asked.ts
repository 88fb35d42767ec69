import type { MessagePort } from 'node:worker_threads';
import { Connection } from '../connection.ts';
import { moveLog } from './log-mover.ts';

/** The thread beside the writer: moves the write-ahead log of the file at each message, and counts how often it did (log-mover.ts). */
export function moveWhenAsked(port: MessagePort, file: string, moved: SharedArrayBuffer): void {
  const connection = new Connection(file, { cache: 256, checkpoint: 0 });
  const done = new Int32Array(moved);
  port.on('message', (message: 'move' | 'close') => {
    if (message === 'close') {
      connection.close();
      port.close();
      return;
    }
    moveLog(connection);
    Atomics.add(done, 0, 1);
  });
}
