import { Problem } from './problem.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const HEX = /^[0-9a-fA-F]{4}$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const KEY_SLOTS = 1024;
/** Member names recur endlessly: a slot per hash saves making and interning a string for each of them. */
const keys: string[] = new Array<string>(KEY_SLOTS).fill('');

/** Reads the tokens of a JSON text (RFC 8259) and names the place where it is broken. */
export class JsonScanner {
  protected readonly text: string;
  protected at = 0;
  /** Literal of the number read last, where `String(number)` would not give it back. */
  protected kept: string | undefined;

  constructor(text: string) {
    this.text = text;
    // A byte order mark is tolerated (RFC 8259 §8.1).
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  protected word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.refuse('a value');
    this.at += word.length;
    return value;
  }

  protected key(): string {
    const text = this.text;
    const start = this.at + 1;
    let at = start;
    let hash = 0;
    let code = text.charCodeAt(at);
    while (code !== QUOTE) {
      // Control characters, NaN past the end and escapes leave the short way.
      if (!(code >= 32) || code === BACKSLASH) return this.string();
      hash = (hash * 31 + code) | 0;
      code = text.charCodeAt(++at);
    }
    this.at = at + 1;
    const slot = hash & (KEY_SLOTS - 1);
    const known = keys[slot] as string;
    if (known.length === at - start && text.startsWith(known, start)) return known;
    const key = text.slice(start, at);
    // A copy, lest the slot keep the whole body alive through the slice.
    if (key.length <= 64) keys[slot] = Buffer.from(key).toString();
    return key;
  }

  protected string(): string {
    const text = this.text;
    const start = this.at + 1;
    let at = start;
    let code = text.charCodeAt(at);
    while (code !== QUOTE) {
      if (code === BACKSLASH) return this.#escapedString(start, at);
      if (!(code >= 32)) this.#refuseInString(at);
      code = text.charCodeAt(++at);
    }
    this.at = at + 1;
    return text.slice(start, at);
  }

  #escapedString(start: number, firstEscape: number): string {
    const text = this.text;
    let result = '';
    let from = start;
    let at = firstEscape;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        result += text.slice(from, at);
        const letter = text[at + 1] ?? '';
        const plain = ESCAPES[letter];
        if (plain !== undefined) {
          result += plain;
          at += 2;
        } else {
          const digits = text.slice(at + 2, at + 6);
          if (letter !== 'u' || !HEX.test(digits))
            this.fail('expected one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX', at);
          if (digits === '0000') this.fail('the character U+0000 is not allowed', at);
          result += String.fromCharCode(Number.parseInt(digits, 16));
          at += 6;
        }
        from = at;
      } else if (!(code >= 32)) {
        this.#refuseInString(at);
      } else {
        at++;
      }
    }
    result += text.slice(from, at);
    if (LONE_SURROGATE.test(result)) this.fail('an unpaired surrogate is not a character', start - 1);
    this.at = at + 1;
    return result;
  }

  protected number(first: number): number {
    const text = this.text;
    const start = this.at;
    let at = start;
    if (first === 45) at++;
    const digits = at;
    let whole = 0;
    let code = text.charCodeAt(at);
    while (code >= 48 && code <= 57) {
      whole = whole * 10 + (code - 48);
      code = text.charCodeAt(++at);
    }
    const length = at - digits;
    this.at = at;
    if (length === 0) this.refuse('a digit');
    if (length > 1 && text.charCodeAt(digits) === 48) this.fail('a number has no leading zeros', start);
    if (code !== 46 && code !== 69 && code !== 101 && length <= 15 && (first !== 45 || whole !== 0)) {
      return first === 45 ? -whole : whole;
    }
    if (code === 46) code = this.#digits(++at);
    if (code === 69 || code === 101) {
      code = text.charCodeAt(this.at + 1);
      this.#digits(this.at + (code === 43 || code === 45 ? 2 : 1));
    }
    const literal = text.slice(start, this.at);
    const value = Number(literal);
    if (!Number.isFinite(value)) this.fail(`the number ${literal.slice(0, 40)} is too large`, start);
    if (String(value) !== literal) this.kept = literal;
    return value;
  }

  /** Moves over one or more digits and gives the code of what follows them. */
  #digits(from: number): number {
    let at = from;
    let code = this.text.charCodeAt(at);
    while (code >= 48 && code <= 57) code = this.text.charCodeAt(++at);
    this.at = at;
    if (at === from) this.refuse('a digit');
    return code;
  }

  protected skipSpace(): void {
    const text = this.text;
    let code = text.charCodeAt(this.at);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++this.at);
  }

  #refuseInString(at: number): never {
    if (at >= this.text.length) this.fail('the text ends inside a string', at);
    const code = this.text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase();
    return this.fail(`the control character U+${code} must be escaped in a string`, at);
  }

  protected refuse(expected: string): never {
    const found = this.text.codePointAt(this.at);
    const shown = found === undefined ? 'the end of the text' : `'${String.fromCodePoint(found)}'`;
    return this.fail(`expected ${expected}, found ${shown}`, this.at);
  }

  protected fail(what: string, at: number): never {
    const before = this.text.slice(0, at).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new Problem('malformed-body', `The JSON is malformed at line ${before.length}, column ${column}: ${what}`);
  }
}
