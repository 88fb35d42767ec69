/** A parameter that may be left out. */
export const optional = <const N extends string, const T extends string>(name: N, type: T, documentation: string) =>
  ({ name, use: 'in', min: 0, max: '1', type, documentation }) as const;

/** A parameter that must be stated. */
export const required = <const N extends string, const T extends string>(name: N, type: T, documentation: string) =>
  ({ name, use: 'in', min: 1, max: '1', type, documentation }) as const;

/** A parameter that may be stated any number of times. */
export const repeated = <const N extends string, const T extends string>(name: N, type: T, documentation: string) =>
  ({ name, use: 'in', min: 0, max: '*', type, documentation }) as const;

/** A part of the answer that is always there. */
export const returned = <const N extends string, const T extends string>(name: N, type: T, documentation: string) =>
  ({ name, use: 'out', min: 1, max: '1', type, documentation }) as const;

/** A part of the answer that can be missing. */
export const perhapsReturned = <const N extends string, const T extends string>(
  name: N,
  type: T,
  documentation: string,
) => ({ name, use: 'out', min: 0, max: '1', type, documentation }) as const;
