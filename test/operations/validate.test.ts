import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { validate } from '../../operations/validate/validate.ts';
import { served } from '../../src/operation/served.ts';
import { type Asking, type Living, living, observation } from '../interactions/living.ts';

let it: Living;
beforeAll(async () => {
  it = await living({ operations: [served(validate)] });
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
  await it.ask('PUT', 'Patient/gone', { resourceType: 'Patient', id: 'gone' });
  await it.ask('DELETE', 'Patient/gone');
});
afterAll(() => it.stop());

const errors = async (query: string, resource: object, asking: Asking = {}): Promise<readonly string[]> => {
  const { status, body } = await it.ask('POST', `Observation/$validate?${query}`, resource, asking);
  expect([status, body.resourceType]).toEqual([200, 'OperationOutcome']);
  return body.issue
    .filter(({ severity }: { severity: string }) => severity === 'error')
    .map(
      ({ expression, diagnostics }: { expression?: string[]; diagnostics: string }) =>
        `${expression?.join() ?? ''}: ${diagnostics}`,
    );
};

describe('a profile that is asked for', () => {
  const HEART_RATE = 'http://hl7.org/fhir/StructureDefinition/heartrate';

  test('is checked beside those that the resource declares', async () => {
    expect(await errors(`profile=${HEART_RATE}`, observation('p'))).toContainEqual(
      expect.stringMatching(/^Observation\.category: the profile requires category/),
    );
  });

  test.each([
    'http://example.org/unknown',
    `${HEART_RATE}|3.0.1`,
    'http://hl7.org/fhir/StructureDefinition/Observation|5.0.0',
  ])('and is not known here, %s, is an error: nothing says that the resource conforms', async (profile) => {
    expect(await errors(`profile=${encodeURIComponent(profile)}`, observation('p'))).toEqual([
      `Observation: profile ${profile} is not known here, so the resource cannot be validated against it`,
    ]);
  });
});

describe('a mode', () => {
  test('of create or update tells of references to what is not here, as the write would', async () => {
    const lost = ['Observation.subject: Observation.subject refers to Patient/nobody, which is not known here'];
    expect(await errors('mode=create', observation('nobody'))).toEqual(lost);
    expect(await errors('mode=update', observation('nobody'))).toEqual(lost);
    expect(await errors('mode=create', observation('gone'))).toHaveLength(1);
    expect(await errors('mode=create', observation('p'))).toEqual([]);
    expect(await errors('mode=profile', observation('nobody'))).toEqual([]);
  });

  test('tells of resources that the caller may not read what it tells of those that are not there', async () => {
    await it.ask('PUT', 'Patient/other', { resourceType: 'Patient', id: 'other' });
    const asking = { scope: 'patient/*.cruds', patient: 'p' };
    const of = async (id: string) =>
      (await errors('mode=create', observation(id), asking)).map((error) => error.replaceAll(id, 'id'));
    expect(await of('other')).toEqual(await of('nobody'));
    expect(await of('p')).toEqual([]);
    const blind = { scope: 'system/Observation.cru' };
    for (const id of ['other', 'nobody']) expect(await errors('mode=create', observation(id), blind)).toEqual([]);
  });

  test('tells that the token permits no such write', async () => {
    const asking = { scope: 'system/Observation.cr system/Patient.r' };
    expect(await errors('mode=create', observation('p'), asking)).toEqual([]);
    expect(await errors('mode=update', observation('p'), asking)).toEqual([
      ": The token's scopes do not permit to update Observation resources",
    ]);
    expect(await errors('mode=delete', observation('p'), asking)).toHaveLength(1);
  });
});
