import { ParamSet } from './param-set.ts';
import type { Cell } from './row-layout.ts';

// Up to so many rows are looked through; more have an index, so that no resource costs the square of its values.
const LOOKED_THROUGH = 16;

/** A row of an index table. */
export interface IndexRow {
  readonly cells: readonly Cell[];
  /** Text kept beside the row: the code as written, `Type/id`. */
  readonly kept: string;
  set: ParamSet;
  group: number;
}

/**
 * Rows of one table by value: parameters of one resource that share a value share its row, under the number of their
 * set. Values within a composite's group stay rows of that group; the others join whichever row has their value.
 */
export class RowTable {
  readonly rows: IndexRow[] = [];
  readonly #any: number;
  /** By the first cell, which for nearly all values is theirs alone. */
  #byFirst: Map<Cell | undefined, IndexRow[]> | undefined;

  /** `any`: the cell that does not matter within a composite's group, where there is one. */
  constructor(any = -1) {
    this.#any = any;
  }

  /** `group`: of a composite, from 1; 0 where the value stands by itself. */
  add(group: number, param: string, cells: readonly Cell[], kept: string): void {
    const among = this.#byFirst ? this.#byFirst.get(cells[0]) : this.rows;
    if (among)
      for (const row of among)
        if (this.#joins(row, group, cells)) {
          row.set = row.set.with(param);
          if (group !== 0) row.group = group;
          return;
        }
    const made = { cells, kept, set: ParamSet.none.with(param), group };
    this.rows.push(made);
    if (this.#byFirst) this.#index(made);
    else if (this.rows.length > LOOKED_THROUGH) {
      this.#byFirst = new Map();
      for (const row of this.rows) this.#index(row);
    }
  }

  #index(row: IndexRow): void {
    const [first] = row.cells;
    const alike = this.#byFirst?.get(first);
    if (alike) alike.push(row);
    else this.#byFirst?.set(first, [row]);
  }

  #joins(row: IndexRow, group: number, cells: readonly Cell[]): boolean {
    const its = row.cells;
    if (its[0] !== cells[0] || (group !== 0 && row.group !== 0 && row.group !== group)) return false;
    for (let n = 1; n < cells.length; n++)
      if (its[n] !== cells[n] && (n !== this.#any || group === 0 || cells[n] !== 0)) return false;
    return true;
  }
}
