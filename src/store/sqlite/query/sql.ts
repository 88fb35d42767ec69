import type { Sql, Value } from '../connection.ts';

/** Text spliced as it is: names and numbers of ours, never a value from outside. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export const raw = (text: string): Raw => new Raw(text);

/**
 * `LIMIT n`, never `LIMIT ?`: SQLite looks at a bound limit when it plans, and so plans such a statement anew every time
 * its values change, which costs a page of a search more than reading it.
 */
export const atMost = (n: number): Raw => raw(`LIMIT ${Math.trunc(n)}`);

/** SQL as a template: values become `?`, nested SQL is spliced with its values. */
export function sql(parts: TemplateStringsArray, ...inserted: readonly (Value | Sql | Raw)[]): Sql {
  let text = parts[0] ?? '';
  const values: Value[] = [];
  for (const [index, item] of inserted.entries()) {
    if (item instanceof Raw) text += item.text;
    else if (item !== null && typeof item === 'object' && 'values' in item && 'text' in item) {
      text += item.text;
      for (const value of item.values) values.push(value);
    } else {
      text += '?';
      values.push(item as Value);
    }
    text += parts[index + 1] ?? '';
  }
  return { text, values };
}

export const TRUE: Sql = { text: '1', values: [] };
export const FALSE: Sql = { text: '0', values: [] };

/** Parts with a word between; nested in halves, since SQLite limits the depth of expressions to 1000. */
export function joined(parts: readonly Sql[], word: 'AND' | 'OR'): Sql {
  const [first, second] = parts;
  if (!first) return word === 'AND' ? TRUE : FALSE;
  if (!second) return first;
  if (parts.length <= 8)
    return { text: `(${parts.map((p) => p.text).join(` ${word} `)})`, values: parts.flatMap((p) => p.values) };
  const half = parts.length >> 1;
  return joined([joined(parts.slice(0, half), word), joined(parts.slice(half), word)], word);
}

/** Compound SELECT of arms, each arm a subquery. */
export const compound = (arms: readonly Sql[], word: 'UNION ALL' | 'UNION' | 'INTERSECT'): Sql =>
  arms.length === 1 && arms[0]
    ? arms[0]
    : {
        text: arms.map((arm) => `SELECT * FROM (${arm.text})`).join(` ${word} `),
        values: arms.flatMap((arm) => arm.values),
      };
