import { Problem } from '../fhir/problem.ts';
import { refuse } from './asked.ts';

/** Operators of `_filter` (search_filter.html). */
const OPERATORS = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
] as const;
export type Operator = (typeof OPERATORS)[number];

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'test'; readonly path: readonly Segment[]; readonly operator: Operator; readonly value: string };

/** One name of a path; `within` is what must hold of what it refers to besides. */
export interface Segment {
  readonly name: string;
  /** A type, as in `subject:Patient.name`: more than the grammar knows, and what chained parameters have. */
  readonly type?: string;
  readonly within?: Filter;
}

const DEEPEST = 32;
const isOperator = (text: string): text is Operator => OPERATORS.some((it) => it === text);

/**
 * Reads a filter. Logical expressions go from left to right, without precedence between `and` and `or`, as the
 * specification has it. @throws Problem `invalid-search` saying where.
 */
export const parseFilter = (name: string, text: string): Filter => new FilterReader(name, text).whole();

class FilterReader {
  readonly #name: string;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  whole(): Filter {
    const filter = this.#filter();
    this.#match(/\s*/y);
    return this.#at === this.#text.length ? filter : this.#wrong("'and', 'or' or the end");
  }

  #filter(): Filter {
    this.#depth += 1;
    if (this.#depth > DEEPEST)
      throw new Problem('too-costly', `search parameter '${this.#name}' nests too deeply`, {
        expression: [this.#name],
      });
    let left = this.#term();
    for (;;) {
      const word = this.#match(/\s*(?:and|or)(?=[\s(])/y)?.trim();
      if (word !== 'and' && word !== 'or') break;
      left = { kind: word, left, right: this.#term() };
    }
    this.#depth -= 1;
    return left;
  }

  #term(): Filter {
    if (this.#match(/\s*not\s*\(/y) !== undefined) return { kind: 'not', of: this.#closed(')') };
    if (this.#match(/\s*\(/y) !== undefined) return this.#closed(')');
    const path = this.#path();
    const operator = this.#match(/\s+[a-z]+(?=\s)/y)?.trim() ?? this.#wrong('an operator and a value');
    if (!isOperator(operator))
      return refuse(this.#name, `'${operator}' is no operator; use one of ${OPERATORS.join(', ')}`);
    return { kind: 'test', path, operator, value: this.#value() };
  }

  #closed(bracket: ')' | ']'): Filter {
    const inner = this.#filter();
    this.#match(/\s*/y);
    if (this.#text[this.#at] !== bracket) return this.#wrong(`'${bracket}'`);
    this.#at += 1;
    return inner;
  }

  #path(): readonly Segment[] {
    const path: Segment[] = [];
    this.#match(/\s*/y);
    do {
      const name = this.#match(/[A-Za-z_][A-Za-z0-9_-]*/y) ?? this.#wrong('the name of a search parameter');
      const type = this.#match(/:[A-Za-z]+/y)?.slice(1);
      const within = this.#match(/\s*\[/y) === undefined ? undefined : this.#closed(']');
      path.push({ name, ...(type !== undefined && { type }), ...(within !== undefined && { within }) });
      if (within !== undefined && this.#text[this.#at] !== '.') return this.#wrong("'.'");
    } while (this.#match(/\./y) !== undefined);
    return path;
  }

  /** A JSON string, or all up to white space or a closing bracket. */
  #value(): string {
    this.#match(/\s*/y);
    const quoted = this.#match(/"(?:[^"\\]|\\.)*"/y);
    if (quoted === undefined) return this.#match(/[^\s)\]"]+/y) ?? this.#wrong('a value');
    try {
      return String(JSON.parse(quoted));
    } catch (cause) {
      throw new Problem('invalid-search', `search parameter '${this.#name}': ${quoted} is no JSON string`, {
        expression: [this.#name],
        cause,
      });
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }

  #wrong(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    return refuse(this.#name, `${expected} is expected at position ${this.#at + 1}${rest === '' ? '' : `: '${rest}'`}`);
  }
}
