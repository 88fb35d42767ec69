import type { Registry } from '../conformance/registry.ts';

/** One concrete way through the JSON of a resource: property by property, with what each item must satisfy. */
export interface ElementPath {
  readonly steps: readonly Step[];
  /** FHIR type of what it ends at. */
  readonly type: string;
  /** True for paths that begin at the resource even inside a composite (`%resource.…`). */
  readonly fromResource: boolean;
}
export interface Step {
  readonly property: string;
  /** Type of the items. */
  readonly type: string;
  readonly filters: readonly Filter[];
}
export type Filter =
  | { readonly kind: 'refers-to'; readonly type: string }
  | { readonly kind: 'equals'; readonly property: string; readonly value: string }
  | { readonly kind: 'index'; readonly index: number };

const TOKENS = /\s+|[A-Za-z_%][A-Za-z0-9_]*|'[^']*'|\d+|[().[\]=|]/y;

/**
 * Expands a search parameter's FHIRPath, seen from `type`, into concrete paths: choices become `valueQuantity`, `|`
 * becomes several. Undefined where the expression is more than paths with as, ofType, where and index.
 */
export const elementPaths = (
  registry: Registry,
  type: string,
  expression: string,
): readonly ElementPath[] | undefined => {
  const tokens = tokenize(expression);
  if (tokens === undefined) return undefined;
  const reader = new PathReader(registry, type, tokens);
  const paths = reader.union();
  return reader.done ? paths : undefined;
};

const tokenize = (text: string): readonly string[] | undefined => {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const token = TOKENS.exec(text)?.[0];
    if (token === undefined) return undefined;
    if (token.trim() !== '') tokens.push(token);
  }
  return tokens;
};

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

class PathReader {
  readonly #registry: Registry;
  readonly #type: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(registry: Registry, type: string, tokens: readonly string[]) {
    this.#registry = registry;
    this.#type = type;
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at === this.#tokens.length;
  }

  union(): readonly ElementPath[] | undefined {
    const all: ElementPath[] = [];
    do {
      const paths = this.#cast();
      if (paths === undefined) return undefined;
      all.push(...paths);
    } while (this.#take('|'));
    return all;
  }

  #cast(): readonly ElementPath[] | undefined {
    const paths = this.#path();
    return paths && this.#take('as') ? this.#ofType(paths, this.#next()) : paths;
  }

  #path(): readonly ElementPath[] | undefined {
    let paths: readonly ElementPath[] | undefined;
    if (this.#take('(')) {
      paths = this.union();
      if (!this.#take(')')) return undefined;
    } else paths = this.#root();
    for (;;) {
      if (paths === undefined) return undefined;
      if (this.#take('.')) paths = this.#step(paths);
      else if (this.#take('[')) paths = this.#index(paths);
      else return paths;
    }
  }

  #root(): readonly ElementPath[] | undefined {
    const name = this.#next();
    const here = { steps: [], type: this.#type, fromResource: false };
    if (name === '%resource') {
      const resource = this.#type.split('.', 1)[0] ?? this.#type;
      return [{ ...here, type: resource, fromResource: true }];
    }
    if (name === this.#type || name === 'Resource' || name === 'DomainResource') return [here];
    return /^[a-z]/.test(name) ? this.#child([here], name) : undefined;
  }

  #step(paths: readonly ElementPath[]): readonly ElementPath[] | undefined {
    const name = this.#next();
    if (!this.#take('(')) return this.#child(paths, name);
    const result = name === 'as' || name === 'ofType' ? this.#ofType(paths, this.#next()) : undefined;
    const filtered = name === 'where' ? this.#where(paths) : result;
    return this.#take(')') ? filtered : undefined;
  }

  #where(paths: readonly ElementPath[]): readonly ElementPath[] | undefined {
    const rest = this.#tokens.slice(this.#at, this.#at + 5);
    const [first = '', second, third = '', fourth, fifth = ''] = rest;
    if (first === 'resolve' && second === '(' && third === ')' && fourth === 'is') {
      this.#at += 5;
      return filter(paths, { kind: 'refers-to', type: fifth });
    }
    if (second !== '=' || !third.startsWith("'")) return undefined;
    this.#at += 3;
    return filter(paths, { kind: 'equals', property: first, value: third.slice(1, -1) });
  }

  #index(paths: readonly ElementPath[]): readonly ElementPath[] | undefined {
    const index = Number(this.#next());
    return this.#take(']') && Number.isInteger(index) ? filter(paths, { kind: 'index', index }) : undefined;
  }

  #child(paths: readonly ElementPath[], name: string): readonly ElementPath[] {
    return paths.flatMap((path) => {
      const element = this.#registry.type(path.type)?.elements.find((it) => it.name === name);
      const types = element === undefined ? [] : element.choice ? element.types : element.types.slice(0, 1);
      return types.map((type) => {
        const property = element?.choice ? `${name}${capitalized(type)}` : name;
        return { ...path, type, steps: [...path.steps, { property, type, filters: [] }] };
      });
    });
  }

  /** Subtypes too: a canonical is a uri. Some R4 expressions write `DateTime` for dateTime. */
  #ofType(paths: readonly ElementPath[], type: string): readonly ElementPath[] {
    const isA = (name: string): boolean => {
      if (name.toLowerCase() === type.toLowerCase()) return true;
      const base = this.#registry.type(name)?.base;
      return base !== undefined && isA(base);
    };
    return paths.filter((path) => isA(path.type));
  }

  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? '';
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

const filter = (paths: readonly ElementPath[], added: Filter): readonly ElementPath[] =>
  paths.map((path) => {
    const last = path.steps.at(-1);
    if (last === undefined) return path;
    return { ...path, steps: [...path.steps.slice(0, -1), { ...last, filters: [...last.filters, added] }] };
  });
