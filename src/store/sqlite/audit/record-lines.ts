import type { AuditRecord } from '../../audit-log.ts';

/** What the writer and the block's row say of records, without looking into their lines. */
export interface RecordHeads {
  readonly count: number;
  /** Times of the earliest and the latest, ms UTC. */
  readonly low: number;
  readonly high: number;
  /** Of all of them, each once. */
  readonly terms: readonly string[];
  /** For each record the change it tells of; absent where none tells of one. */
  readonly changes?: readonly (number | null)[];
}

const LINES = 3;

/**
 * Gathers records as they lie in a block: three lines each (time, terms, text), one string that crosses to the writer
 * thread in one copy and is sealed as it is.
 */
export class RecordLines {
  readonly #terms = new Set<string>();
  readonly #changes: (number | null)[] = [];
  #lines = '';
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  #tellsOfChanges = false;

  constructor(records: readonly AuditRecord[] = []) {
    for (const record of records) this.add(record);
  }

  /** How many records there are now. */
  add({ at, change, terms, text }: AuditRecord): number {
    this.#lines += `${this.#lines === '' ? '' : '\n'}${at}\n${termLine(terms)}\n${oneLine(text)}`;
    for (const term of terms) this.#terms.add(term);
    if (at < this.#low) this.#low = at;
    if (at > this.#high) this.#high = at;
    if (change !== undefined) this.#tellsOfChanges = true;
    return this.#changes.push(change ?? null);
  }

  get lines(): string {
    return this.#lines;
  }

  get heads(): RecordHeads {
    return {
      count: this.#changes.length,
      low: this.#low,
      high: this.#high,
      terms: [...this.#terms],
      ...(this.#tellsOfChanges && { changes: this.#changes }),
    };
  }
}

/** A record as its lines say it. */
export type LineRecord = Omit<AuditRecord, 'change'>;

export function recordsOfLines(lines: string): LineRecord[] {
  const parts = lines.split('\n');
  return Array.from({ length: parts.length / LINES }, (_, n) => {
    const [at = '', terms = '', text = ''] = parts.slice(n * LINES, (n + 1) * LINES);
    return { at: Number(at), terms: termsOf(terms), text };
  });
}

const AMBIGUOUS = /^\[|[\t\n]/;
/** Terms with tabs between; as JSON where one of them could be taken for several, or for JSON. */
const termLine = (terms: readonly string[]): string =>
  terms.some((term) => AMBIGUOUS.test(term)) ? JSON.stringify(terms) : terms.join('\t');
const termsOf = (line: string): string[] =>
  line === '' ? [] : line.startsWith('[') ? JSON.parse(line) : line.split('\t');

/** Texts are JSON, in which a line break is a blank like any other. */
const oneLine = (text: string): string => (text.includes('\n') ? text.replaceAll('\n', ' ') : text);
