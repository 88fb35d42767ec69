import type { AuditRecord } from '../../audit-log.ts';

const LINES = 4;

/** Records as lines, four each: time, change, terms as JSON, text. One string crosses to another thread in one copy. */
export const recordLines = (records: readonly AuditRecord[]): string =>
  records
    .map(({ at, change = -1, terms, text }) => `${at}\n${change}\n${JSON.stringify(terms)}\n${oneLine(text)}`)
    .join('\n');

export function recordsOfLines(lines: string): AuditRecord[] {
  if (lines === '') return [];
  const parts = lines.split('\n');
  return Array.from({ length: parts.length / LINES }, (_, n) => {
    const [at = '', change = '', terms = '[]', text = ''] = parts.slice(n * LINES, (n + 1) * LINES);
    return { at: Number(at), change: Number(change), terms: JSON.parse(terms), text };
  });
}

/** Texts are JSON, in which a line break is a blank like any other. */
const oneLine = (text: string): string => (text.includes('\n') ? text.replaceAll('\n', ' ') : text);
