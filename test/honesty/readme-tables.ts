import { readFileSync } from 'node:fs';

/** A row of a table of the README: what it names, and the tests that it points at. */
export interface Row {
  /** The code spans of each cell: `` `a`, `b` `` is two. */
  readonly cells: readonly (readonly string[])[];
  readonly links: readonly TestLink[];
}
export interface TestLink {
  readonly file: string;
  readonly title: string;
}

export interface Section {
  /** Rows by the head of the table's first column. */
  readonly tables: ReadonlyMap<string, readonly Row[]>;
  /** Of the tables and of the text around them. */
  readonly links: readonly TestLink[];
}

/** The tables of one `## ` section. Throws where it is not there, or holds two tables of one head. */
export function sectionOf(markdown: string, heading: string): Section {
  const [, section] = `\n${markdown}`.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`there is no section '${heading}'`);
  const [text = ''] = section.split('\n## ');
  const tables = new Map<string, readonly Row[]>();
  for (const [table] of text.matchAll(/(?:^\|.*\n)+/gm)) {
    const [head = '', , ...lines] = table.trim().split('\n');
    const [first = ''] = cellsOf(head);
    if (tables.has(first)) throw new Error(`two tables begin with '${first}'`);
    tables.set(
      first,
      lines.map((line) => ({ cells: cellsOf(line).map(codesOf), links: linksOf(line) })),
    );
  }
  return { tables, links: linksOf(text) };
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

const codesOf = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const linksOf = (text: string): readonly TestLink[] =>
  [...text.matchAll(/\]\((test\/[^ )]+)(?: "([^"]*)")?\)/g)].map(([, file = '', title = '']) => ({ file, title }));

/** Titles of the tests that a file runs, those of tables of cases included; what is skipped or commented out is not. */
export function titlesOf(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  const titles = text.matchAll(
    /^ *(?:test|it|test\.each\(\w+\)|\](?: as [^()]+)?\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1,/gms,
  );
  return new Set([...titles].map(([, , title = '']) => title.replace(/\\(.)/g, '$1')));
}
