/** What holds, does not hold, or cannot be told (undefined). */
export type Told = boolean | undefined;

/** Three-valued: one false decides, then one unknown. */
export const every = <T>(parts: readonly T[], holds: (part: T) => Told): Told => {
  let all: Told = true;
  for (const part of parts) {
    const one = holds(part);
    if (one === false) return false;
    if (one === undefined) all = undefined;
  }
  return all;
};

/** Three-valued: one true decides, then one unknown. */
export const some = <T>(parts: readonly T[], holds: (part: T) => Told): Told => {
  let any: Told = false;
  for (const part of parts) {
    const one = holds(part);
    if (one === true) return true;
    if (one === undefined) any = undefined;
  }
  return any;
};
