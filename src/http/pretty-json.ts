const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The same JSON indented by two, token by token: decimals and order stay as they are. */
export function prettyJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const isEmpty = closes && (previous === '{' || previous === '[');
    if (!isEmpty && (closes || previous === '{' || previous === '[' || previous === ','))
      out.push('\n', '  '.repeat(depth));
    out.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth += 1;
    previous = token;
  }
  return out.join('');
}
