import type { IndexValue, QuantityValue, ReferenceValue, TokenValue } from '../../search/index-values.ts';
import { type Hash, hashed } from './hash.ts';
import type { IndexRows, Kept } from './messages.ts';
import { ParamSet } from './param-set.ts';
import { textRow } from './texts.ts';
import { TIMELINE_WIDTH, timelineRows } from './timeline.ts';

/** The number of a set of parameters of a type; undefined where it has none yet. */
export type SetNumber = (members: string) => number | undefined;

type Cell = number | string;
interface Pending {
  readonly cells: readonly Cell[];
  /** Text kept beside the row: the code as written, `Type/id`. */
  readonly kept: string;
  set: ParamSet;
  group: number;
}

/**
 * Rows by value: parameters of one resource that share a value share its row, under the number of their set.
 * Values within a composite's group stay rows of that group; the others join whichever row has their value.
 */
class Table {
  readonly rows: Pending[] = [];
  /** By the first cell, which for nearly all values is theirs alone. */
  readonly #byFirst = new Map<Cell | undefined, Pending[]>();

  add(value: IndexValue, param: string, cells: readonly Cell[], kept = ''): void {
    const group = value.group === undefined ? 0 : value.group + 1;
    const alike = this.#byFirst.get(cells[0]);
    const row = alike?.find(
      (r) => (group === 0 || r.group === 0 || r.group === group) && r.cells.every((cell, n) => cell === cells[n]),
    );
    if (row) {
      row.set = row.set.with(param);
      if (group !== 0) row.group = group;
      return;
    }
    const made = { cells, kept, set: ParamSet.none.with(param), group };
    this.rows.push(made);
    if (alike) alike.push(made);
    else this.#byFirst.set(cells[0], [made]);
  }
}

const TABLES = ['token', 'reference', 'date', 'number', 'quantity', 'string', 'uri'] as const;
type TableName = (typeof TABLES)[number];

/** Values laid out as rows whose parameter sets may not have numbers yet. */
export class RowDraft {
  readonly #tables: Record<TableName, Table>;
  readonly type: string;
  readonly #values: readonly IndexValue[];
  readonly #hash: Hash;
  readonly #displays: Cell[] = [];
  readonly #said: Cell[] = [];

  constructor(type: string, values: readonly IndexValue[], hash: Hash) {
    this.type = type;
    this.#values = values;
    this.#hash = hash;
    const table = () => new Table();
    this.#tables = {
      token: table(),
      reference: table(),
      date: table(),
      number: table(),
      quantity: table(),
      string: table(),
      uri: table(),
    };
    for (const value of values) this.#add(value);
  }

  /** The parameter sets that the rows need. */
  sets(): readonly string[] {
    return TABLES.flatMap((name) => this.#tables[name].rows.map((row) => row.set.name));
  }

  /** The rows, or undefined where a set has no number yet. */
  finish(numberOf: SetNumber): IndexRows | undefined {
    const flat: Record<TableName, Cell[]> = {
      token: [],
      reference: [],
      date: [],
      number: [],
      quantity: [],
      string: [],
      uri: [],
    };
    const t: [number, number, number, number, string][] = [];
    const r: [number, number, number, string][] = [];
    // The last of several dates is the highest: what date_far is made for (schema.ts).
    this.#tables.date.rows.sort((a, b) => Number(a.cells[1]) - Number(b.cells[1]));
    for (const name of TABLES) {
      for (const row of this.#tables[name].rows) {
        const param = numberOf(row.set.name);
        if (param === undefined) return undefined;
        const [first, second, third] = row.cells;
        if (name === 'token') {
          flat.token.push(param, first ?? 0, second ?? 0, row.group, third ?? 0);
          t.push([param, Number(first), Number(second), row.group, row.kept]);
        } else if (name === 'reference') {
          flat.reference.push(param, first ?? 0, row.group, second ?? '');
          r.push([param, Number(first), row.group, row.kept]);
        } else flat[name].push(param, ...row.cells, row.group);
      }
    }
    const timeline = timelineRows(this.type, this.#values, this.#hash);
    const l: [number, number, number][] = [];
    for (let i = 0; i < timeline.length; i += TIMELINE_WIDTH)
      l.push([timeline[i] ?? 0, timeline[i + 1] ?? 0, timeline[i + 2] ?? 0]);
    const k = (['date', 'number', 'quantity', 'string', 'uri'] as const)
      .map((name) => (flat[name].length ? name[0] : ''))
      .join('');
    const x = this.#said.filter((cell) => typeof cell === 'number');
    const kept: Kept = { t, r, l, k, ...(x.length > 0 && { x }) };
    return {
      token: flat.token as number[],
      reference: flat.reference,
      date: flat.date as number[],
      number: flat.number as number[],
      quantity: flat.quantity as number[],
      string: flat.string,
      uri: flat.uri,
      timeline,
      display: this.#displays,
      said: this.#said,
      kept: JSON.stringify(kept),
    };
  }

  #add(value: IndexValue): void {
    const { param } = value;
    switch (value.kind) {
      case 'token':
        this.#token(value);
        break;
      case 'reference':
        this.#reference(value);
        break;
      case 'date':
        this.#tables.date.add(value, param, [value.low, value.high]);
        break;
      case 'number':
        this.#tables.number.add(value, param, [value.value, value.low, value.high]);
        break;
      case 'quantity':
        this.#tables.quantity.add(value, param, quantityCells(value, this.#hash));
        break;
      case 'string':
        this.#tables.string.add(value, param, [value.folded, value.exact]);
        break;
      case 'uri':
        this.#tables.uri.add(value, param, [value.value]);
        break;
      case 'fulltext':
        this.#said.push(...textRow(this.type, value, this.#hash));
        break;
      default:
        value satisfies never;
    }
  }

  #token(value: TokenValue): void {
    const hash = this.#hash;
    const code = value.code === null ? 0 : hash(hashed.code(value.code));
    const system = value.system === null ? 0 : hash(hashed.system(value.system));
    const text = value.text === undefined || value.text === '' ? 0 : hash(hashed.text(value.text));
    if (text !== 0) this.#displays.push(text, code, value.text ?? '');
    this.#tables.token.add(value, value.param, [code, system, text], value.code ?? '');
    for (const type of value.ofType ?? []) {
      const typed = hash(hashed.ofType(type.code, value.code ?? ''));
      const typeSystem = type.system === null ? 0 : hash(hashed.system(type.system));
      this.#tables.token.add(value, `${value.param}:of-type`, [typed, typeSystem, 0]);
    }
  }

  #reference(value: ReferenceValue): void {
    const { param } = value;
    const version = value.version ?? '';
    if (value.type !== null && value.id !== null) {
      const local = hashed.key(value.type, value.id);
      this.#tables.reference.add(value, param, [this.#hash(local), version], local);
    } else if (value.url !== null)
      this.#tables.reference.add(value, param, [this.#hash(hashed.url(value.url)), version]);
    const identifier = value.identifier;
    if (!identifier) return;
    const code = identifier.value === null ? 0 : this.#hash(hashed.code(identifier.value));
    const system = identifier.system === null ? 0 : this.#hash(hashed.system(identifier.system));
    this.#tables.token.add(value, `${param}:identifier`, [code, system, 0], identifier.value ?? '');
    // The reference is there even when it names nothing but an identifier: `:missing` asks for it.
    if (value.id === null && value.url === null) this.#tables.reference.add(value, param, [0, '']);
  }
}

/** A conversion may overflow; orders travel as JSON, which knows no infinity. */
const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

const quantityCells = (value: QuantityValue, hash: Hash): Cell[] => {
  const { canonical } = value;
  return [
    value.value,
    value.low,
    value.high,
    value.code === null ? 0 : hash(hashed.coded(value.system, value.code)),
    value.code === null ? 0 : hash(hashed.code(value.code)),
    value.unit === null ? 0 : hash(hashed.code(value.unit)),
    canonical ? hash(hashed.code(canonical.unit)) : 0,
    finite(canonical?.value ?? 0),
    finite(canonical?.low ?? 0),
    finite(canonical?.high ?? 0),
  ];
};
