import { round } from './decimal-interval.ts';
import { METRIC, OFFSET, PLAIN, PREFIXES } from './ucum-units.ts';

/** A unit in UCUM base units: base = (value + offset) × factor. `unit` lists the base units in alphabetical order, `1` where there are none. */
export interface BaseUnit {
  readonly unit: string;
  readonly factor: number;
  readonly offset: number;
}
interface Term {
  readonly factor: number;
  readonly powers: ReadonlyMap<string, number>;
}

export const UCUM = 'http://unitsofmeasure.org';

const KNOWN_LIMIT = 5000;
const known = new Map<string, BaseUnit | undefined>();

/** The unit in base units, or undefined where the text is not UCUM (case sensitive) or a unit in it is not known here. */
export const baseUnit = (code: string): BaseUnit | undefined => {
  if (known.has(code)) return known.get(code);
  const base = code.length <= 100 ? toBase(code) : undefined;
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(code, base);
  return base;
};

let last = { value: Number.NaN, factor: 0, offset: 0, result: 0 };

/** The value in base units, freed of floating-point noise: 5.4 mg and 0.0054 g come out equal. */
export const inBaseUnits = (value: number, base: BaseUnit): number => {
  const { factor, offset } = base;
  // One quantity is written out for several parameters in a row, and rounding is the dear part.
  if (last.value === value && last.factor === factor && last.offset === offset) return last.result;
  const result = round((value + offset) * factor, 12);
  last = { value, factor, offset, result };
  return result;
};

const toBase = (code: string): BaseUnit | undefined => {
  const bare = code.replace(/\{[^{}]*\}/g, '');
  const offset = Object.hasOwn(OFFSET, bare) ? OFFSET[bare] : undefined;
  if (offset) return { unit: 'K', factor: offset[0], offset: offset[1] };
  const term = new UnitReader(code).read();
  if (term === undefined) return undefined;
  const parts = [...term.powers].filter(([, power]) => power !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    unit: parts.map(([unit, n]) => (n === 1 ? unit : `${unit}${n}`)).join('.') || '1',
    factor: term.factor,
    offset: 0,
  };
};

const ONE: Term = { factor: 1, powers: new Map() };

const power = (term: Term, exponent: number): Term => ({
  factor: term.factor ** exponent,
  powers: new Map([...term.powers].map(([unit, n]) => [unit, n * exponent])),
});

const times = (left: Term, right: Term): Term => {
  const powers = new Map(left.powers);
  for (const [unit, n] of right.powers) powers.set(unit, (powers.get(unit) ?? 0) + n);
  return { factor: left.factor * right.factor, powers };
};

/** Recursive descent over UCUM's grammar: term = ['/'] component { ('.' | '/') component }. */
class UnitReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Term | undefined {
    if (this.#text === '') return undefined;
    const term = this.#term(0);
    return this.#at === this.#text.length ? term : undefined;
  }

  #term(depth: number): Term | undefined {
    if (depth > 8) return undefined;
    let result: Term | undefined = ONE;
    let sign = this.#take('/') ? -1 : 1;
    for (;;) {
      const component: Term | undefined = this.#component(depth);
      if (component === undefined) return undefined;
      result = times(result, power(component, sign));
      if (this.#take('.')) sign = 1;
      else if (this.#take('/')) sign = -1;
      else return result;
    }
  }

  #component(depth: number): Term | undefined {
    if (this.#take('(')) {
      const inner = this.#term(depth + 1);
      return inner !== undefined && this.#take(')') ? inner : undefined;
    }
    const symbol = /(?:10[*^]|\[[^[\]{}\s]*\]|[A-Za-z_%'])(?:\[[^[\]{}\s]*\]|[A-Za-z_%'])*/y;
    const number = this.#match(/\d+(?![*^\d])/y);
    const annotated = (): boolean => this.#match(/\{[^{}]*\}/y) !== undefined;
    if (number !== undefined) {
      annotated();
      return { factor: Number(number), powers: new Map() };
    }
    const unit = this.#match(symbol);
    if (unit === undefined) return annotated() ? ONE : undefined;
    const exponent = Number(this.#match(/[+-]?\d{1,2}/y) ?? 1);
    annotated();
    const atom = atomOf(unit);
    return atom && power(atom, exponent);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }
}

const atomOf = (symbol: string): Term | undefined => {
  const whole = lookUp(PLAIN, symbol) ?? lookUp(METRIC, symbol);
  if (whole) return whole;
  for (const length of [1, 2]) {
    const prefix = symbol.slice(0, length);
    const factor = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
    const unit = factor === undefined ? undefined : lookUp(METRIC, symbol.slice(length));
    if (unit && factor !== undefined) return { factor: factor * unit.factor, powers: unit.powers };
  }
  return undefined;
};

const lookUp = (table: typeof METRIC, symbol: string): Term | undefined => {
  const entry = Object.hasOwn(table, symbol) ? table[symbol] : undefined;
  if (entry === undefined) return undefined;
  const powers = new Map<string, number>();
  if (entry[1] === symbol) powers.set(symbol, 1);
  else if (entry[1] !== '1')
    for (const part of entry[1].split('.')) {
      const [, unit = '', exponent = '1'] = /^(.*?)(-?\d+)?$/.exec(part) ?? [];
      powers.set(unit, Number(exponent));
    }
  return { factor: entry[0], powers };
};
