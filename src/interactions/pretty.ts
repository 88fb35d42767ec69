import type { Answer, AnswerBody } from './answer.ts';
import { writeJson } from '../fhir/json.ts';

/** The answer with its JSON indented (`_pretty=true`, http.html#pretty). Works on the text: decimals stay as they are. */
export function pretty(answer: Answer): Answer {
  if (answer.body === undefined || answer.body.kind === 'raw') return answer;
  return { ...answer, body: { kind: 'bytes', bytes: Buffer.from(`${indented(text(answer.body))}\n`) } };
}

function text(body: Exclude<AnswerBody, { kind: 'raw' }>): string {
  switch (body.kind) {
    case 'bytes':
      return body.bytes.toString();
    case 'pieces':
      return Buffer.concat(body.pieces).toString();
    case 'resource':
      return writeJson(body.resource);
    default:
      return body satisfies never;
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function indented(json: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  let previous = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    const empty = closes && (previous === '{' || previous === '[');
    if (closes ? !empty : previous === '{' || previous === '[' || previous === ',') out += line();
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth++;
    previous = token;
  }
  return out;
}
