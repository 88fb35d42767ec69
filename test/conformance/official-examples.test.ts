import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import { KNOWN_INVALID } from './known-invalid-examples.ts';
import { officialExamples } from './official-examples.ts';

describe('the official R4 examples', () => {
  test('are valid, but for those that R4 itself forbids', () => {
    const validate = validator(loadRegistry());
    const refused: Record<string, string | undefined> = {};
    const types = new Set<string>();
    let count = 0;
    for (const { file, resource } of officialExamples()) {
      count += 1;
      types.add(resource.resourceType);
      const error = validate(resource).find(({ severity }) => severity === 'error');
      if (error !== undefined) refused[file] = error.expression?.[0];
    }
    expect(refused).toEqual(
      Object.fromEntries(Object.entries(KNOWN_INVALID).map(([file, { expression }]) => [file, expression])),
    );
    expect(count).toBeGreaterThan(5000);
    expect(types.size).toBeGreaterThanOrEqual(140);
  });
});
