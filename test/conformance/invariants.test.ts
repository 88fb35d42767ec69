import { describe, expect, test } from '@jest/globals';
import { RIGHT, WRONG } from './invariant-cases.ts';
import { validating } from './validating.ts';

const validate = validating();

describe('invariants of R4', () => {
  test.each(Object.entries(RIGHT))('a right %s breaks none', (type, resource) => {
    expect(validate({ resourceType: type, ...resource }).filter((issue) => issue.startsWith('error'))).toEqual([]);
  });

  test.each(WRONG)('%s of %s is refused where it is broken', (key, type, change, place) => {
    // An empty list stands for an element that is taken away.
    const changed = Object.entries({ ...RIGHT[type], ...change }).filter(
      ([, value]) => !Array.isArray(value) || value.length > 0,
    );
    const issues = validate({ resourceType: type, ...Object.fromEntries(changed) });
    const path = place === '' ? type : `${type}.${place}`;
    expect(issues).toContainEqual(expect.stringContaining(`(${key})`));
    expect(issues.find((issue) => issue.includes(`(${key})`))?.split(': ')[0]).toBe(`error ${path}`);
  });
});
