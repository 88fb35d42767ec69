import { Problem } from '../../problem.ts';
import { checkLength } from './text-limit.ts';

const patterns = new Map<string, RegExp>();
const MAXIMUM_PATTERNS = 2000;

const refused = (source: string, cause: unknown): Problem =>
  new Problem('invalid', `FHIRPath: '${source.slice(0, 200)}' is no regular expression`, { cause });

/** `.` matches line ends too (FHIRPath N1 §5.6.9). Throws Problem `invalid` for a pattern that is none. */
const pattern = (source: string, flags: string): RegExp => {
  const key = `${flags}/${source}`;
  const known = patterns.get(key);
  if (known) return known;
  try {
    const made = new RegExp(source, source.includes('\\p{') ? `${flags}u` : flags);
    // Some patterns turn out too large only when they are first run.
    made.test('');
    made.lastIndex = 0;
    if (patterns.size >= MAXIMUM_PATTERNS) patterns.clear();
    patterns.set(key, made);
    return made;
  } catch (cause) {
    throw refused(source, cause);
  }
};

/** True where the pattern matches somewhere. Throws Problem `invalid`. */
export const isMatch = (text: string, source: string): boolean => pattern(source, 's').test(text);

/** Each match replaced; `$1` and `${name}` in `to` stand for groups. Throws Problem `invalid` or `too-costly`. */
export const replacedMatches = (text: string, source: string, to: string): string => {
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  const add = (part: string): void => {
    length += part.length;
    checkLength(length);
    parts.push(part);
  };
  for (const match of text.matchAll(pattern(source, 'gs'))) {
    add(text.slice(from, match.index));
    add(substituted(to, match));
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return parts.join('');
};

const substituted = (to: string, match: RegExpExecArray): string =>
  to.includes('$')
    ? to.replace(/\$(?:(\d)|\{(\w+)\})/g, (whole, digit?: string, name = '') =>
        digit !== undefined ? (match[Number(digit)] ?? whole) : (match.groups?.[name] ?? match[Number(name)] ?? whole),
      )
    : to;
