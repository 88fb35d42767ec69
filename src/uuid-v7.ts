import { takeRandom } from './fhir/random.ts';

const RANDOM_BYTES = 10;

/** Time-ordered UUIDs (RFC 9562 §5.7), rising within one process also inside a millisecond: neighbours in time are neighbours in an index. */
export function uuidV7(now: () => number): () => string {
  const bytes = Buffer.alloc(RANDOM_BYTES);
  let last = 0;
  let sequence = 0;
  return () => {
    takeRandom(bytes, 0, RANDOM_BYTES);
    const random = bytes.toString('hex', 0, 8);
    const time = Math.max(now(), last);
    // 12 bits count within a millisecond, from a random start that leaves room; when they are used up time is borrowed.
    sequence = time === last ? sequence + 1 : bytes.readUInt16BE(8) & 0x3ff;
    last = time;
    if (sequence > 0xfff) {
      last += 1;
      sequence = 0;
    }
    const hex = last.toString(16).padStart(12, '0');
    const variant = ((Number.parseInt(random[0] ?? '0', 16) & 0x3) | 0x8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
  };
}
