/** Edit distance, given up above `limit`. */
const distance = (left: string, right: string, limit: number): number => {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let at = 0; at < left.length; at += 1) {
    const next = [at + 1];
    for (let other = 0; other < right.length; other += 1) {
      const change = (row[other] ?? 0) + (left[at] === right[other] ? 0 : 1);
      next.push(Math.min(change, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? limit + 1;
};

/** The name that was probably meant, if one is near. */
export const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  if (name.length > 64) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const lower = candidate.toLowerCase() === name.toLowerCase() ? 0 : distance(name, candidate, least - 1);
    if (lower < least) {
      best = candidate;
      least = lower;
    }
  }
  return best;
};
