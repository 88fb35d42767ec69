import { ParamSet } from './param-set.ts';
import type { Cell } from './row-layout.ts';

// Up to so many rows are looked through; more have an index, so that no resource costs the square of its values.
const LOOKED_THROUGH = 16;

/** A row of an index table. */
export interface IndexRow<V> {
  readonly cells: readonly Cell[];
  /** Text kept beside the row: the code as written, `Type/id`. */
  readonly kept: string;
  /** What the row was first made of. */
  readonly value: V;
  set: ParamSet;
  group: number;
}

/**
 * Rows of one table by value: parameters of one resource that share a value share its row, under the number of their
 * set. Values within a composite's group stay rows of that group; the others join whichever row has their value.
 */
export class RowTable<V> {
  readonly rows: IndexRow<V>[] = [];
  readonly #alike: (a: V, b: V) => boolean;
  /** By the first cell, which for nearly all values is theirs alone. */
  #byFirst: Map<Cell | undefined, IndexRow<V>[]> | undefined;

  /** `alike`: the second value may join the row of the first. */
  constructor(alike: (first: V, second: V) => boolean) {
    this.#alike = alike;
  }

  /** `group`: of a composite, from 1; 0 where the value stands by itself. `cells` are made where no row has the value. */
  add(group: number, param: string, value: V, cells: () => readonly Cell[], kept: string): void {
    const made = this.#byFirst && cells();
    const among = this.#byFirst && made ? this.#byFirst.get(made[0]) : this.rows;
    if (among)
      for (const row of among) {
        if ((group !== 0 && row.group !== 0 && row.group !== group) || !this.#alike(row.value, value)) continue;
        row.set = row.set.with(param);
        if (group !== 0) row.group = group;
        return;
      }
    const row = { cells: made ?? cells(), kept, value, set: ParamSet.none.with(param), group };
    this.rows.push(row);
    if (this.#byFirst) this.#index(row);
    else if (this.rows.length > LOOKED_THROUGH) {
      this.#byFirst = new Map();
      for (const each of this.rows) this.#index(each);
    }
  }

  #index(row: IndexRow<V>): void {
    const [first] = row.cells;
    const alike = this.#byFirst?.get(first);
    if (alike) alike.push(row);
    else this.#byFirst?.set(first, [row]);
  }
}
