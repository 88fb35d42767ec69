/** A value in an index row. */
export type Cell = number | string;

export const ROW_TABLES = ['token', 'reference', 'date', 'number', 'quantity', 'string', 'uri'] as const;
export type RowTableName = (typeof ROW_TABLES)[number];

interface Layout {
  /** Cells between the parameter set, which comes first, and the group, which comes last. */
  readonly width: number;
  /** Which of those cells are text. */
  readonly texts: readonly number[];
}

/** The tables of index values, by the cells of their rows in the order of the columns. */
export const ROW_LAYOUT: Readonly<Record<RowTableName, Layout>> = {
  /** code, system, text */
  token: { width: 3, texts: [] },
  /** target, version */
  reference: { width: 2, texts: [1] },
  /** low, high */
  date: { width: 2, texts: [] },
  /** value, low, high */
  number: { width: 3, texts: [] },
  /** value, low, high, coded, code, unit, canonical, canonical value, canonical low, canonical high, system */
  quantity: { width: 11, texts: [] },
  /** folded, exact */
  string: { width: 2, texts: [0, 1] },
  /** value */
  uri: { width: 1, texts: [0] },
};
