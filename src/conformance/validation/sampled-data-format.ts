const [SPACE, MINUS, PLUS, POINT, ZERO, NINE] = [32, 45, 43, 46, 48, 57];
const SPECIAL = new Set([...'EUL'].map((letter) => letter.charCodeAt(0)));

/**
 * What is wrong with SampledData.data (datatypes.html#SampledData): decimals, or E, U and L, with a single space between.
 * Scanned by hand, since recordings are long and a pattern would keep every sample on its stack.
 */
export const sampledDataProblem = (data: string): string | undefined => {
  let at = 0;
  for (let sample = 0; ; sample += 1) {
    const start = at;
    at = sampleEnd(data, start);
    if (at === data.length && at > start) return undefined;
    if (at === start || data.charCodeAt(at) !== SPACE) return problem(data, start, sample);
    at += 1;
  }
};

const problem = (data: string, start: number, sample: number): string => {
  const word = /^\S{0,20}/.exec(data.slice(start, start + 20))?.[0] ?? '';
  return `sample ${sample}, '${word}', is neither a decimal nor E, U or L; a single space separates samples, and none is at an end`;
};

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** Where the sample that begins at `start` ends; `start` itself where none begins. */
const sampleEnd = (data: string, start: number): number => {
  if (SPECIAL.has(data.charCodeAt(start))) return start + 1;
  const first = data.charCodeAt(start) === MINUS ? start + 1 : start;
  const whole = data.charCodeAt(first) === ZERO ? first + 1 : digitsEnd(data, first);
  if (whole === first) return start;
  const point = data.charCodeAt(whole) === POINT ? digitsEnd(data, whole + 1) : whole;
  if (point === whole + 1) return start;
  const letter = data.charCodeAt(point) | 32;
  if (letter !== 101) return point;
  const sign = data.charCodeAt(point + 1);
  const digits = sign === PLUS || sign === MINUS ? point + 2 : point + 1;
  const end = digitsEnd(data, digits);
  return end === digits ? start : end;
};

const digitsEnd = (data: string, from: number): number => {
  let at = from;
  while (isDigit(data.charCodeAt(at))) at += 1;
  return at;
};
