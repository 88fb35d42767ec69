import type { Connection, Value } from '../connection.ts';
import type { IndexRows, Kept } from '../messages.ts';
import { TIMELINE_WIDTH } from '../timeline.ts';
import { deleteText, insertTexts } from './text-tables.ts';

// Tables that go by seq number their rows within a version; those that go by value need not.
const INSERTS: readonly {
  readonly table: Exclude<keyof IndexRows, 'kept' | 'display' | 'timeline' | 'said'>;
  readonly width: number;
  readonly numbered: boolean;
  readonly text: string;
}[] = [
  {
    table: 'token',
    width: 5,
    numbered: false,
    text: 'INSERT INTO token (seq, param, code, system, grp, text) VALUES (?, ?, ?, ?, ?, ?)',
  },
  {
    table: 'reference',
    width: 4,
    numbered: false,
    text: 'INSERT INTO reference (seq, param, target, grp, version) VALUES (?, ?, ?, ?, ?)',
  },
  { table: 'date', width: 4, numbered: true, text: 'INSERT INTO date VALUES (?, ?, ?, ?, ?, ?)' },
  { table: 'number', width: 5, numbered: true, text: 'INSERT INTO number VALUES (?, ?, ?, ?, ?, ?, ?)' },
  { table: 'quantity', width: 12, numbered: true, text: `INSERT INTO quantity VALUES (?, ?${', ?'.repeat(12)})` },
  { table: 'string', width: 4, numbered: true, text: 'INSERT INTO string VALUES (?, ?, ?, ?, ?, ?)' },
  { table: 'uri', width: 3, numbered: true, text: 'INSERT INTO uri VALUES (?, ?, ?, ?, ?)' },
];

/** Makes a version searchable. */
export function insertRows(connection: Connection, seq: number, type: number, rows: IndexRows): void {
  for (const { table, width, numbered, text } of INSERTS) {
    const cells = rows[table];
    for (let i = 0; i < cells.length; i += width) {
      const row = cells.slice(i, i + width);
      connection.run(text, numbered ? [seq, i / width, ...row] : [seq, ...row]);
    }
  }
  const { timeline, display } = rows;
  for (let i = 0; i < timeline.length; i += TIMELINE_WIDTH)
    connection.run(
      'INSERT INTO timeline (type, seq, patient, code, high, low, facts, system) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [type, seq, ...timeline.slice(i, i + TIMELINE_WIDTH)],
    );
  for (let i = 0; i < display.length; i += 3)
    connection.run('INSERT OR IGNORE INTO display VALUES (?, ?, ?)', display.slice(i, i + 3) as Value[]);
  insertTexts(connection, seq, rows.said);
}

const BY_SEQ: Readonly<Record<string, string>> = {
  d: 'DELETE FROM date WHERE seq = ?',
  n: 'DELETE FROM number WHERE seq = ?',
  q: 'DELETE FROM quantity WHERE seq = ?',
  s: 'DELETE FROM string WHERE seq = ?',
  u: 'DELETE FROM uri WHERE seq = ?',
};

/** Makes a version unsearchable: it is superseded, deleted, or indexed anew. */
export function deleteRows(connection: Connection, seq: number, type: number, keptJson: string): void {
  const kept: Kept = JSON.parse(keptJson);
  for (const [param, code] of kept.t)
    connection.run('DELETE FROM token WHERE param = ? AND code = ? AND seq = ?', [param, code, seq]);
  for (const [param, target] of kept.r)
    connection.run('DELETE FROM reference WHERE param = ? AND target = ? AND seq = ?', [param, target, seq]);
  for (const [patient, code, high] of kept.l)
    connection.run('DELETE FROM timeline WHERE patient = ? AND type = ? AND code = ? AND high = ? AND seq = ?', [
      patient,
      type,
      code,
      high,
      seq,
    ]);
  for (const doc of kept.x ?? []) deleteText(connection, doc, seq);
  for (const letter of kept.k) connection.run(BY_SEQ[letter] ?? '', [seq]);
  connection.run('UPDATE version SET rows = NULL WHERE seq = ?', [seq]);
}
