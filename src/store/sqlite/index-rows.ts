import type { IndexValue, QuantityValue, ReferenceValue, TokenValue } from '../../search/index-values.ts';
import type { CellWriter } from './cells.ts';
import type { Displays, DisplaysStored } from './displays.ts';
import { type Hash, hashed } from './hash.ts';
import { keptText } from './kept.ts';
import type { SetNumbers } from './name-table.ts';
import {
  alikeDates,
  alikeNumbers,
  alikeQuantities,
  alikeReferences,
  alikeStrings,
  alikeTokens,
  alikeUris,
} from './alike.ts';
import { ROW_TABLES, type RowTableName } from './row-layout.ts';
import { type IndexRow, RowTable } from './row-table.ts';
import { textRow } from './texts.ts';
import { TIMELINE_WIDTH, timelineRows } from './timeline.ts';

/** The values of one resource laid out as rows, whose parameter sets may not have numbers yet. */
export class RowDraft {
  readonly type: string;
  readonly #values: readonly IndexValue[];
  readonly #hash: Hash;
  readonly #tokens = new RowTable(alikeTokens);
  readonly #references = new RowTable(alikeReferences);
  readonly #dates = new RowTable(alikeDates);
  readonly #quantities = new RowTable(alikeQuantities);
  readonly #numbers = new RowTable(alikeNumbers);
  readonly #strings = new RowTable(alikeStrings);
  readonly #uris = new RowTable(alikeUris);
  readonly #displays: Displays[number][] = [];
  readonly #said: (readonly [doc: number, sequence: string])[] = [];

  constructor(type: string, values: readonly IndexValue[], hash: Hash) {
    this.type = type;
    this.#values = values;
    this.#hash = hash;
    for (const value of values) this.#add(value);
    // The last of several dates is the highest: what date_far is made for (schema.ts).
    if (this.#dates.rows.length > 1) this.#dates.rows.sort((a, b) => Number(a.cells[1]) - Number(b.cells[1]));
  }

  /** The names of the parameter sets that have no number yet. */
  unnumbered(numbers: SetNumbers): readonly string[] {
    const names: string[] = [];
    for (const name of ROW_TABLES)
      for (const { set } of this.#table(name).rows) if (!numbers.has(set.name)) names.push(set.name);
    return names;
  }

  /**
   * Writes, for each table, the number of its rows and their cells (set, value, group), then the timeline, the texts
   * said and the displays that are not known; last the JSON kept with the version (kept.ts). Read by writer/index-tables.ts.
   * Gives the displays written.
   */
  write(out: CellWriter, numbers: SetNumbers, known: DisplaysStored): Displays {
    const length = out.reserve();
    for (const name of ROW_TABLES) writeRows(out, this.#table(name).rows, numbers);
    const timeline = timelineRows(this.type, this.#values, this.#hash);
    out.number(timeline.length / TIMELINE_WIDTH);
    for (const cell of timeline) out.number(cell ?? Number.NaN);
    out.number(this.#said.length);
    for (const [doc, sequence] of this.#said) {
      out.number(doc);
      out.text(sequence);
    }
    const displays = this.#displays.filter(({ text, code }) => !known.has(text, code));
    out.number(displays.length);
    for (const { text, code, folded } of displays) {
      out.number(text);
      out.number(code);
      out.text(folded);
    }
    out.set(length, out.length - length - 1);
    out.text(
      keptText({
        tokens: this.#tokens.rows,
        references: this.#references.rows,
        numbers,
        timeline,
        tables: ROW_TABLES.filter((name) => this.#table(name).rows.length > 0),
        said: this.#said,
      }),
    );
    return displays;
  }

  #table(name: RowTableName): { readonly rows: readonly IndexRow<unknown>[] } {
    switch (name) {
      case 'token':
        return this.#tokens;
      case 'reference':
        return this.#references;
      case 'date':
        return this.#dates;
      case 'number':
        return this.#numbers;
      case 'quantity':
        return this.#quantities;
      case 'string':
        return this.#strings;
      default:
        return this.#uris;
    }
  }

  #add(value: IndexValue): void {
    const { param } = value;
    const group = value.group === undefined ? 0 : value.group + 1;
    switch (value.kind) {
      case 'token':
        this.#token(value, group);
        break;
      case 'reference':
        this.#reference(value, group);
        break;
      case 'date':
        this.#dates.add(group, param, value, () => [value.low, value.high], '');
        break;
      case 'number':
        this.#numbers.add(group, param, value, () => [value.value, value.low, value.high], '');
        break;
      case 'quantity':
        this.#quantities.add(group, param, value, () => quantityCells(value, this.#hash), '');
        break;
      case 'string':
        this.#strings.add(group, param, value, () => [value.folded, value.exact], '');
        break;
      case 'uri':
        this.#uris.add(group, param, value, () => [value.value], '');
        break;
      case 'fulltext':
        this.#said.push(textRow(this.type, value, this.#hash));
        break;
      default:
        value satisfies never;
    }
  }

  #token(value: TokenValue, group: number): void {
    this.#tokens.add(group, value.param, value, () => this.#tokenCells(value), value.code ?? '');
    if (!value.ofType) return;
    const code = value.code ?? '';
    for (const { system, code: typed } of value.ofType) {
      const cells = () => [this.#hash(hashed.ofType(typed, code)), system === null ? 0 : this.#hash.system(system), 0];
      this.#tokens.add(group, `${value.param}:of-type`, { code, system, typed }, cells, '');
    }
  }

  #tokenCells({ param, code, system, text }: TokenValue): readonly number[] {
    const hash = this.#hash;
    // Identifiers hardly come again: remembering them would push out the codes that do.
    const coded = code === null ? 0 : param === 'identifier' ? hash.once(hashed.code(code)) : hash.code(code);
    const said = text === undefined || text === '' ? 0 : hash.text(text);
    if (said !== 0) this.#displays.push({ text: said, code: coded, folded: text ?? '' });
    return [coded, system === null ? 0 : hash.system(system), said];
  }

  #reference(value: ReferenceValue, group: number): void {
    const { param, type, id, url, identifier } = value;
    const hash = this.#hash;
    const version = value.version ?? '';
    if (type !== null && id !== null) {
      const local = hashed.key(type, id);
      this.#references.add(group, param, value, () => [hash(local), version], local);
    } else if (url !== null) this.#references.add(group, param, value, () => [hash(hashed.url(url)), version], '');
    if (!identifier) return;
    const { value: code, system } = identifier;
    const cells = () => [code === null ? 0 : hash.code(code), system === null ? 0 : hash.system(system), 0];
    this.#tokens.add(group, `${param}:identifier`, { code, system }, cells, code ?? '');
    // The reference is there even when it names nothing but an identifier: `:missing` asks for it.
    if (id === null && url === null) this.#references.add(group, param, value, () => [0, ''], '');
  }
}

function writeRows(out: CellWriter, rows: readonly IndexRow<unknown>[], numbers: SetNumbers): void {
  out.number(rows.length);
  for (const { set, cells, group } of rows) {
    out.number(numbers.get(set.name) ?? 0);
    // By index: an iterator would make an object of each large number.
    for (let n = 0; n < cells.length; n++) {
      const cell = cells[n] ?? 0;
      if (typeof cell === 'number') out.number(cell);
      else out.text(cell);
    }
    out.number(group);
  }
}

/** A conversion may overflow, and SQLite sorts infinity after all numbers but keeps no order among equals. */
const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

const quantityCells = (value: QuantityValue, hash: Hash): number[] => {
  const { canonical } = value;
  return [
    value.value,
    value.low,
    value.high,
    value.code === null ? 0 : hash(hashed.coded(value.system, value.code)),
    value.code === null ? 0 : hash.code(value.code),
    value.unit === null ? 0 : hash.code(value.unit),
    canonical ? hash.code(canonical.unit) : 0,
    finite(canonical?.value ?? 0),
    finite(canonical?.low ?? 0),
    finite(canonical?.high ?? 0),
    value.system === null ? 0 : hash.system(value.system),
  ];
};
