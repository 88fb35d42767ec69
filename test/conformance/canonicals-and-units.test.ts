import { describe, expect, test } from '@jest/globals';
import { validating } from './validating.ts';

const validate = validating();

describe('canonicals', () => {
  const measure = (library: string) =>
    validate({
      resourceType: 'Measure',
      status: 'draft',
      library: [library],
      relatedArtifact: ['#l', '#p'].map((resource) => ({ type: 'documentation', resource })),
      contained: [
        { resourceType: 'Library', id: 'l', status: 'draft', type: { text: 'x' } },
        { resourceType: 'Patient', id: 'p' },
      ],
    });

  test('name resources of the types that the element permits, where the text tells the type', () => {
    for (const right of ['http://example.org/Patient/1|2', 'Library/1', '#l', 'urn:x'])
      expect([right, measure(right)]).toEqual([right, []]);
    for (const wrong of ['Patient/1', '#p'])
      expect(measure(wrong)).toEqual([
        `error Measure.library[0]: ${wrong} refers to a Patient; this element may refer to Library`,
      ]);
  });

  test('of no contained resource are doubted', () => {
    expect(measure('#nobody')).toEqual(['warning Measure.library[0]: #nobody refers to no contained resource']);
  });
});

describe('units that a type is measured in', () => {
  const UCUM = 'http://unitsofmeasure.org';
  const onset = (code: string) =>
    validate({
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      onsetAge: { value: 3, system: UCUM, code },
    });
  const estimate = (code: string) =>
    validate({
      resourceType: 'Location',
      extension: [{ url: 'urn:x', valueDistance: { value: 3, system: UCUM, code } }],
    });
  test('are of time for an age and of length for a distance', () => {
    for (const code of ['a', 'mo', 'wk', 'd', 'ms', 'a_j', 'd{gestation}', '10.d'])
      expect([code, onset(code)]).toEqual([code, []]);
    for (const code of ['kg', 'yr', 'A', 'mmo', 'd/wk'])
      expect(onset(code)).toEqual([
        expect.stringMatching(/^error Condition\.onsetAge\.code: .* is not a unit of time/),
      ]);
    for (const code of ['m', 'km', 'nm', '[mi_i]']) expect([code, estimate(code)]).toEqual([code, []]);
    for (const code of ['kg', 'm2', 'mile'])
      expect(estimate(code)).toEqual([
        expect.stringMatching(/^error Location\.extension\[0\]\.valueDistance\.code: .* is not a unit of length/),
      ]);
  });

  test('an expression is in a language that has a mime type', () => {
    const rule = (language: string) =>
      validate({
        resourceType: 'PlanDefinition',
        status: 'draft',
        action: [{ condition: [{ kind: 'start', expression: { language, expression: 'true' } }] }],
      });
    expect(rule('text/fhirpath')).toEqual([]);
    expect(rule('fhirpath')).toEqual([
      'error PlanDefinition.action[0].condition[0].expression.language: fhirpath is not allowed here: use a mime type, such as text/plain',
    ]);
  });
});
