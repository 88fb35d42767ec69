type Cell = string | number;

/** A whole number as people read it. */
export const whole = (n: number): string => Math.round(n).toLocaleString('en');

/** Prints one row of a Markdown table; figures are whole numbers, other cells as they are. */
export const printRow = (...cells: readonly Cell[]): void =>
  console.log(`| ${cells.map((cell) => (typeof cell === 'number' ? whole(cell) : cell)).join(' | ')} |`);

/** Prints a title and a table's head; columns that begin with `#` hold figures and are set to the right. */
export const printHead = (title: string, ...columns: readonly string[]): void => {
  console.log(`\n### ${title}\n`);
  printRow(...columns.map((column) => column.replace(/^#/, '')));
  console.log(`|${columns.map((column) => (column.startsWith('#') ? '---:' : '---')).join('|')}|`);
};

/** The limit that a rate is held against, and the share of it that was reached. */
export const limitCells = (perSecond: number, limit: number, of: string): readonly [string, string] => [
  `${whole(limit)} (${of})`,
  (perSecond / limit).toFixed(2),
];
