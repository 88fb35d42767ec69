import { decimalNode, FhirPathNode, integerNode, stringNode, TRUE, FALSE } from './node.ts';
import { type Token, tokenize } from './lexer.ts';
import { type Syntax, syntaxProblem, type TypeName } from './syntax.ts';

/** Binding strength, weakest first (FHIRPath N1 §6.8). */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['implies', 1],
  ['or', 2],
  ['xor', 2],
  ['and', 3],
  ['in', 4],
  ['contains', 4],
  ['=', 5],
  ['~', 5],
  ['!=', 5],
  ['!~', 5],
  ['<', 6],
  ['>', 6],
  ['<=', 6],
  ['>=', 6],
  ['|', 7],
  ['is', 8],
  ['as', 8],
  ['+', 9],
  ['-', 9],
  ['&', 9],
  ['*', 10],
  ['/', 10],
  ['div', 10],
  ['mod', 10],
]);
const MAXIMUM_DEPTH = 200;
/** A step for every token at most: closures and evaluation recurse along chains such as `a.b.c` or `1 + 1 + 1`. */
const MAXIMUM_TOKENS = 1000;
const MAXIMUM_LENGTH = 20_000;
const CALENDAR = /^(?:year|month|week|day|hour|minute|second|millisecond)s?$/;

/** The syntax tree of a FHIRPath text; throws Problem 'invalid' naming the position. */
export const parse = (text: string): Syntax => new Parser(text).whole();

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.length > MAXIMUM_LENGTH)
      throw syntaxProblem(text, MAXIMUM_LENGTH, `more than ${MAXIMUM_LENGTH} characters`);
    this.#tokens = tokenize(text);
    const beyond = this.#tokens[MAXIMUM_TOKENS];
    if (beyond !== undefined) throw syntaxProblem(text, beyond.at, `more than ${MAXIMUM_TOKENS} tokens`);
  }

  whole(): Syntax {
    const syntax = this.#expression(0);
    if (this.#peek().kind !== 'end') this.#refuse('an operator or the end');
    return syntax;
  }

  #expression(minimum: number): Syntax {
    if (++this.#depth > MAXIMUM_DEPTH) this.#refuse('less nesting');
    let left = this.#unary();
    for (;;) {
      const token = this.#peek();
      const strength = token.kind === 'symbol' || token.kind === 'identifier' ? PRECEDENCE.get(token.text) : undefined;
      if (strength === undefined || strength <= minimum) break;
      this.#next++;
      if (token.text === 'is' || token.text === 'as') {
        left = { kind: 'type', at: token.at, operator: token.text, operand: left, type: this.#typeName() };
      } else {
        left = { kind: 'binary', at: token.at, operator: token.text, left, right: this.#expression(strength) };
      }
    }
    this.#depth--;
    return left;
  }

  #unary(): Syntax {
    const token = this.#peek();
    if (token.kind === 'symbol' && (token.text === '-' || token.text === '+')) {
      this.#next++;
      const operand = this.#unary();
      return token.text === '-' ? { kind: 'negate', at: token.at, operand } : operand;
    }
    let syntax = this.#term();
    for (;;) {
      const at = this.#peek().at;
      if (this.#take('.')) {
        syntax = { kind: 'invoke', at, focus: syntax, call: this.#invocation() };
      } else if (this.#take('[')) {
        const position = this.#expression(0);
        this.#expect(']');
        syntax = { kind: 'index', at, focus: syntax, position };
      } else {
        return syntax;
      }
    }
  }

  #term(): Syntax {
    const token = this.#peek();
    const { kind, text, at } = token;
    if (kind === 'string') {
      this.#next++;
      return { kind: 'literal', at, node: stringNode(text) };
    }
    if (kind === 'number') return this.#number(token);
    if (kind === 'temporal') {
      this.#next++;
      return { kind: 'literal', at, node: temporalLiteral(text) };
    }
    if (kind === 'constant') {
      this.#next++;
      return { kind: 'constant', at, name: text };
    }
    if (kind === 'identifier' && (text === 'true' || text === 'false')) {
      this.#next++;
      return { kind: 'literal', at, node: text === 'true' ? TRUE[0] : FALSE[0] };
    }
    if (this.#take('{')) {
      this.#expect('}');
      return { kind: 'literal', at, node: undefined };
    }
    if (this.#take('(')) {
      const inner = this.#expression(0);
      this.#expect(')');
      return inner;
    }
    return this.#invocation();
  }

  #number({ text, at }: Token): Syntax {
    this.#next++;
    const value = Number(text);
    const unit = this.#peek();
    const calendar = unit.kind === 'identifier' && CALENDAR.test(unit.text);
    if (calendar || unit.kind === 'string') {
      this.#next++;
      const name = calendar ? unit.text.replace(/s$/, '') : unit.text;
      return { kind: 'literal', at, node: new FhirPathNode({ value, unit: name }, 'System.Quantity') };
    }
    return { kind: 'literal', at, node: text.includes('.') ? decimalNode(value) : integerNode(value) };
  }

  #invocation(): Syntax {
    const { kind, text, at } = this.#peek();
    if (kind === 'special') {
      this.#next++;
      return { kind: 'special', at, name: text as '$this' | '$index' | '$total' };
    }
    if (kind !== 'identifier' && kind !== 'delimited') this.#refuse('a name, a literal or a parenthesis');
    this.#next++;
    if (!this.#take('(')) return { kind: 'member', at, name: text };
    const args: Syntax[] = [];
    if (!this.#take(')')) {
      do args.push(this.#expression(0));
      while (this.#take(','));
      this.#expect(')');
    }
    return { kind: 'call', at, name: text, args };
  }

  #typeName(): TypeName {
    const parts: string[] = [];
    do {
      const { kind, text } = this.#peek();
      if (kind !== 'identifier' && kind !== 'delimited') this.#refuse('a type name');
      parts.push(text);
      this.#next++;
    } while (parts.length < 2 && this.#peek(0).text === '.' && this.#peek(1).kind !== 'end' && this.#take('.'));
    const [first = '', second] = parts;
    return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: 'end', text: '', at: this.#text.length };
  }

  #take(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#refuse(`'${symbol}'`);
  }

  #refuse(expected: string): never {
    const token = this.#peek();
    const found = token.kind === 'end' ? 'the end' : `'${token.text}'`;
    throw syntaxProblem(this.#text, token.at, `expected ${expected}, found ${found}`);
  }
}

const temporalLiteral = (text: string): FhirPathNode => {
  if (text.startsWith('T')) return new FhirPathNode(text.slice(1), 'System.Time');
  const type = text.includes('T') ? 'System.DateTime' : 'System.Date';
  return new FhirPathNode(text.endsWith('T') ? text.slice(0, -1) : text, type);
};
