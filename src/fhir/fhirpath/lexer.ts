import { syntaxProblem } from './syntax.ts';

export interface Token {
  readonly kind:
    | 'identifier'
    | 'delimited'
    | 'string'
    | 'number'
    | 'temporal'
    | 'constant'
    | 'special'
    | 'symbol'
    | 'end';
  readonly text: string;
  readonly at: number;
}

const SPACE = /(?:\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const TEMPORAL =
  /@(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?|\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)/y;
const SPECIAL = /\$(?:this|index|total)\b/y;
const SYMBOL = /<=|>=|!=|!~|[-+*/&|.,()[\]{}<>=~]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/** The tokens of a FHIRPath text, an end token last. */
export const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    if (at >= text.length) return [...tokens, { kind: 'end', text: '', at }];
    const start = at;
    const first = text[at];
    if (first === "'" || first === '"' || first === '`') {
      const quoted = readQuoted(text, at);
      at = quoted.end;
      tokens.push({ kind: first === "'" ? 'string' : 'delimited', text: quoted.text, at: start });
      continue;
    }
    if (first === '%') {
      const constant = readConstant(text, at);
      at = constant.end;
      tokens.push({ kind: 'constant', text: constant.text, at: start });
      continue;
    }
    const kinds = [
      ['temporal', TEMPORAL],
      ['number', NUMBER],
      ['identifier', IDENTIFIER],
      ['special', SPECIAL],
      ['symbol', SYMBOL],
    ] as const;
    for (const [kind, pattern] of kinds) {
      const found = match(pattern);
      if (found === undefined) continue;
      tokens.push({ kind, text: kind === 'temporal' ? found.slice(1) : found, at });
      at += found.length;
      break;
    }
    if (at === start) throw syntaxProblem(text, at, `unexpected character '${first}'`);
  }
};

const readConstant = (text: string, at: number): { text: string; end: number } => {
  const quote = text[at + 1];
  if (quote === '`' || quote === "'" || quote === '"') return readQuoted(text, at + 1);
  IDENTIFIER.lastIndex = at + 1;
  const name = IDENTIFIER.exec(text)?.[0];
  if (name === undefined) throw syntaxProblem(text, at, "expected a name after '%'");
  return { text: name, end: at + 1 + name.length };
};

const readQuoted = (text: string, at: number): { text: string; end: number } => {
  const quote = text[at];
  let result = '';
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === quote) return { text: result, end: index + 1 };
    if (character !== '\\') {
      result += character;
      continue;
    }
    const escaped = text[++index] ?? '';
    if (escaped === 'u') {
      const digits = text.slice(index + 1, index + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw syntaxProblem(text, index, 'expected four hexadecimal digits');
      result += String.fromCharCode(Number.parseInt(digits, 16));
      index += 4;
    } else {
      // An unknown escape is the character itself: R4's own constraints write '\.'-like patterns both ways.
      result += ESCAPES[escaped] ?? escaped;
    }
  }
  throw syntaxProblem(text, at, `no closing ${quote}`);
};
