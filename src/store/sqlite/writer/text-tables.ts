import type { Connection } from '../connection.ts';
import { string } from '../connection.ts';
import { wordsIn } from '../texts.ts';

/** A version says a text; words are written for a text that nothing said before. */
export function insertText(connection: Connection, seq: number, doc: number, sequence: string): void {
  // Nearly always the text is known: one statement then, whichever process stored it.
  if (connection.changed('INSERT OR IGNORE INTO said SELECT doc, ? FROM text WHERE doc = ?', [seq, doc]) > 0) return;
  if (connection.changed('INSERT OR IGNORE INTO text VALUES (?, ?)', [doc, sequence]) > 0)
    for (const word of wordsIn(sequence)) connection.run('INSERT INTO word VALUES (?, ?)', [word, doc]);
  connection.run('INSERT OR IGNORE INTO said VALUES (?, ?)', [doc, seq]);
}

/** The version says the text no more; a text that nothing says goes, and its words with it. */
export function deleteText(connection: Connection, doc: number, seq: number): void {
  connection.run('DELETE FROM said WHERE doc = ? AND seq = ?', [doc, seq]);
  if (connection.get('SELECT 1 FROM said WHERE doc = ? LIMIT 1', [doc])) return;
  const row = connection.get('SELECT sequence FROM text WHERE doc = ?', [doc]);
  if (!row) return;
  for (const word of wordsIn(string(row, 0)))
    connection.run('DELETE FROM word WHERE word = ? AND doc = ?', [word, doc]);
  connection.run('DELETE FROM text WHERE doc = ?', [doc]);
}
