import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { graphql } from '../../operations/graphql/graphql.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [served(graphql)] });
  const name = [{ family: `${'a'.repeat(40)}!` }, { family: 'B' }];
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', name });
});
afterAll(() => it.stop());

test('a FHIRPath argument that runs without end is cut off and told as an error', async () => {
  const begun = performance.now();
  const query = `{ Patient(id: "p") { id name(fhirpath: "family.matches('(a+)+$')") { family } } }`;
  const { body } = await it.ask('POST', '$graphql', query, { contentType: 'application/graphql' });
  expect(body.errors[0].message).toContain('takes longer than');
  expect(performance.now() - begun).toBeLessThan(5000);
  const well = await it.ask(
    'POST',
    '$graphql',
    '{ Patient(id: "p") { name(fhirpath: "family = \'B\'") { family } } }',
    {
      contentType: 'application/graphql',
    },
  );
  expect(well.body).toEqual({ data: { Patient: { name: [{ family: 'B' }] } } });
});
