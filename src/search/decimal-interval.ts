/** A number as a client wrote it. Equality searches match the half-open range [low, high). */
export interface Decimal {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The number and the range its significant figures imply: half a unit of the last stated digit to either side
 * (search.html#number: 100 is [99.5, 100.5), 100.00 is [99.995, 100.005)). Undefined where the text is no finite number.
 */
export const decimalInterval = (text: string): Decimal | undefined => {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const exponent = Number(match[4] ?? 0);
  // The specification gives 1e2 as [95, 105): an exponent form without a point counts as 1.0e2.
  const decimals = match[3]?.length ?? (match[4] === undefined ? 0 : 1);
  const half = `5e${exponent - decimals - 1}`;
  return { value, low: round(value - Number(half)), high: round(value + Number(half)) };
};

/** Takes floating-point noise off: 15 significant digits, what a double holds of any decimal. */
export const round = (value: number, digits = 15): number => {
  if (Number.isSafeInteger(value) && digits === 15) return value;
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
};
