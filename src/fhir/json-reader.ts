import { JsonScanner } from './json-scanner.ts';
import type { Json } from './resource.ts';

/** Where a parent (object or array) keeps the literals of those of its numbers that `String(number)` would not give back. */
export const LITERALS: unique symbol = Symbol('literals');

export interface LiteralsOf {
  [LITERALS]?: Record<string, string>;
}
type Draft = { [member: string]: Json } & LiteralsOf;

const QUOTE = 34;
/** Members of one object; no FHIR element has a tenth of it, and objects of millions take seconds to build. */
const MOST_MEMBERS = 1000;

/** One pass over a JSON text, stricter than JSON.parse where it would lose or blur what was sent. */
export class JsonReader extends JsonScanner {
  readonly #maximumDepth: number;
  #depth = 0;

  constructor(text: string, maximumDepth: number) {
    super(text);
    this.#maximumDepth = maximumDepth;
  }

  read(): Json {
    this.skipSpace();
    const value = this.#value();
    this.skipSpace();
    if (this.at < this.text.length) this.refuse('the end of the text');
    return value;
  }

  #value(): Json {
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case QUOTE:
        return this.string();
      case 123:
        return this.#object();
      case 91:
        return this.#array();
      case 116:
        return this.word('true', true);
      case 102:
        return this.word('false', false);
      case 110:
        return this.word('null', null);
      default:
        if (code === 45 || (code >= 48 && code <= 57)) return this.number(code);
        return this.refuse('a value');
    }
  }

  #object(): Json {
    this.#enter();
    const result: Draft = {};
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 125) {
      this.#leave();
      return result;
    }
    for (let members = 1; ; members++) {
      if (this.text.charCodeAt(this.at) !== QUOTE) this.refuse('a member name in double quotes');
      if (members > MOST_MEMBERS) this.fail(`more than ${MOST_MEMBERS} members in one object`, this.at);
      const keyAt = this.at;
      const key = this.key();
      if (result[key] !== undefined) {
        if (Object.hasOwn(result, key)) this.fail(`the member '${key}' is given twice in one object`, keyAt);
        // What every object inherits (`__proto__`, `toString`): no element of FHIR, and a trap for code that meets it.
        this.fail(`the member name '${key}' is not allowed`, keyAt);
      }
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== 58) this.refuse(`':' after the member name '${key}'`);
      this.at++;
      this.skipSpace();
      this.kept = undefined;
      result[key] = this.#value();
      if (this.kept !== undefined) this.#keep(result, key);
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code === 125) break;
      if (code !== 44) this.refuse("',' or '}'");
      this.at++;
      this.skipSpace();
    }
    this.#leave();
    return result;
  }

  #array(): Json {
    this.#enter();
    const result: Json[] & LiteralsOf = [];
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 93) {
      this.#leave();
      return result;
    }
    for (;;) {
      this.kept = undefined;
      result.push(this.#value());
      if (this.kept !== undefined) this.#keep(result, String(result.length - 1));
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code === 93) break;
      if (code !== 44) this.refuse("',' or ']'");
      this.at++;
      this.skipSpace();
    }
    this.#leave();
    return result;
  }

  #enter(): void {
    if (++this.#depth > this.#maximumDepth) this.fail(`nested deeper than ${this.#maximumDepth} levels`, this.at);
    this.at++;
  }

  #leave(): void {
    this.#depth--;
    this.at++;
    this.kept = undefined;
  }

  #keep(parent: LiteralsOf, key: string): void {
    parent[LITERALS] ??= {};
    parent[LITERALS][key] = this.kept as string;
    this.kept = undefined;
  }
}
