import { oddText, oddToken } from './odd-values.ts';
import type { Random } from './random.ts';

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
const NOT_UTF8: readonly (readonly number[])[] = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0x00],
];

/** JSON text with one or two tokens replaced, dropped or given twice; every tenth time with damaged bytes besides. */
export function mutatedJson(random: Random, text: string): Buffer {
  let mutated = text;
  for (let times = random.below(2); times >= 0; times--) mutated = withTokenChanged(random, mutated);
  const bytes = Buffer.from(mutated);
  return random.chance(0.1) ? damaged(random, bytes) : bytes;
}

function withTokenChanged(random: Random, text: string): string {
  const tokens = [...text.matchAll(JSON_TOKEN)];
  if (tokens.length === 0) return oddToken(random);
  const token = random.pick(tokens);
  const from = token.index;
  const after = from + token[0].length;
  const isName = text[after] === ':';
  const put = (replacement: string): string => text.slice(0, from) + replacement + text.slice(after);
  if (!isName) return put(random.chance(0.05) ? `${token[0]},${token[0]}` : oddToken(random));
  const chosen = random.share();
  if (chosen < 0.1) return put(`${token[0]}:${oddToken(random)},${token[0]}`);
  if (chosen < 0.6)
    return put(JSON.stringify(random.pick(['__proto__', 'constructor', 'value', 'id', '_id', 'extension'])));
  if (chosen < 0.8) return put(JSON.stringify(`_${token[0].slice(1, -1)}`));
  return put(JSON.stringify(oddText(random)));
}

/** Bytes with one to four places flipped, cut, repeated, or filled with what is no UTF-8. */
export function damaged(random: Random, bytes: Buffer): Buffer {
  let result = bytes;
  for (let times = random.below(4); times >= 0; times--) {
    const at = random.below(result.length + 1);
    const until = Math.min(result.length, at + random.below(20));
    const [head, part, tail] = [result.subarray(0, at), result.subarray(at, until), result.subarray(until)];
    const chosen = random.below(6);
    if (chosen === 0) result = Buffer.from(head);
    else if (chosen === 1) result = Buffer.concat([head, tail]);
    else if (chosen === 2) result = Buffer.concat([head, part, part, tail]);
    else if (chosen === 3) result = Buffer.concat([head, Buffer.from(random.pick(NOT_UTF8)), tail]);
    else if (chosen === 4) result = Buffer.concat([head, Buffer.from(oddText(random)), tail]);
    else result = flipped(random, result, at);
  }
  return result;
}

function flipped(random: Random, bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

/** XML text with a piece replaced: entities, processing instructions, namespaces and wrong nesting. */
export function mutatedXml(random: Random, text: string): Buffer {
  const at = text.indexOf(random.pick(['<', '>', '"', '=', '/>', 'value']), random.below(text.length));
  const odd = random.pick([
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '&#0;',
    '&#xD800;',
    '&#xFFFFFFFF;',
    '<?pi?>',
    '<![CDATA[x]]>',
    '<!-- -- -->',
    ' xmlns="urn:x"',
    ' xmlns:__proto__="urn:x"',
    ' value="1e400"',
    '</',
    '<extension url="a">',
    '<a>'.repeat(5000),
    '<div xmlns="http://www.w3.org/1999/xhtml">'.repeat(200),
    ' onclick="x"',
    '\u0000',
    '\u0001',
    ` value="${'a'.repeat(100_000)}"`,
  ]);
  const place = Math.max(0, at);
  const bytes = Buffer.from(text.slice(0, place) + odd + text.slice(place + (random.chance(0.5) ? 1 : 0)));
  return random.chance(0.25) ? damaged(random, bytes) : bytes;
}
