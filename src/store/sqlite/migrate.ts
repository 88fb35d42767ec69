import type { Connection } from './connection.ts';
import { integer } from './connection.ts';

/** Brings the schema up to date, each step whole or not at all. Throws where a newer NovaMind made the database. */
export function migrate(connection: Connection, steps: readonly string[]): void {
  connection.write(() => {
    connection.exec('CREATE TABLE IF NOT EXISTS migration (step INTEGER PRIMARY KEY, at INTEGER NOT NULL)');
    const done = integer(connection.get('SELECT coalesce(max(step), 0) FROM migration'), 0);
    if (done > steps.length)
      throw new Error(`the database is at schema step ${done}, this NovaMind knows ${steps.length}: start a newer one`);
    for (const [index, step] of steps.entries()) {
      if (index < done) continue;
      connection.exec(step);
      connection.run('INSERT INTO migration VALUES (?, ?)', [index + 1, Date.now()]);
    }
  });
}
