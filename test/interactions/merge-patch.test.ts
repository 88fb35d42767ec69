import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Living, living, type Seen } from './living.ts';

const MERGE = { contentType: 'application/merge-patch+json' };
const PLAIN = { contentType: 'application/json' };
const PATIENT = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  name: [{ family: 'Ader', given: ['Ann'] }],
  maritalStatus: { coding: [{ system: 'urn:x', code: 'M' }], text: 'Married' },
};

let it: Living;
beforeEach(async () => {
  it ??= await living();
  await it.ask('PUT', 'Patient/p', PATIENT);
});
afterAll(() => it.stop());

const patch = (body: unknown, asking = MERGE): Promise<Seen> => it.ask('PATCH', 'Patient/p', body, asking);

describe('JSON Merge Patch', () => {
  test('replaces members, removes those that are null, and keeps the rest to the letter', async () => {
    const extension = '[{"url":"http://x.test","valueDecimal":0.10}]';
    await it.ask('PUT', 'Patient/p', JSON.stringify({ ...PATIENT, extension: [] }).replace('[]', extension));
    const { status, body, text } = await patch({
      active: null,
      birthDate: '1980-04',
      name: [{ family: 'Bruns' }],
      maritalStatus: { text: 'Wed', coding: null },
    });
    expect([status, body.name, body.maritalStatus]).toEqual([200, [{ family: 'Bruns' }], { text: 'Wed' }]);
    expect(body).not.toHaveProperty('active');
    expect(text).toContain(extension);
  });

  test('keeps decimals as it states them', async () => {
    const answer = await patch('{"extension":[{"url":"http://x.test","valueDecimal":1.500}],"multipleBirthInteger":2}');
    expect(answer.text).toContain('"valueDecimal":1.500');
  });

  test('is what plain JSON is that is neither a list nor Parameters, as fhirpy sends it', async () => {
    expect((await patch({ active: false }, PLAIN)).body.active).toBe(false);
    expect((await patch([{ op: 'replace', path: '/active', value: true }], PLAIN)).body.active).toBe(true);
    const operation = { name: 'operation', part: [{ name: 'type', valueCode: 'delete' }] };
    const part = [...operation.part, { name: 'path', valueString: 'Patient.active' }];
    const parameters = { resourceType: 'Parameters', parameter: [{ ...operation, part }] };
    expect((await patch(parameters, PLAIN)).body).not.toHaveProperty('active');
    expect((await patch({ active: false }, { contentType: 'application/fhir+json' })).status).toBe(400);
  });

  test('leaves type and id, makes no version where nothing changes, and nothing invalid', async () => {
    const { versionId } = (await it.ask('GET', 'Patient/p')).body.meta;
    expect((await patch({ active: true })).body.meta.versionId).toBe(versionId);
    for (const wrong of [{ id: 'q' }, { resourceType: 'Person' }, { gender: 'x' }, { nonsense: 1 }, ['x'], 'x']) {
      expect([wrong, (await patch(wrong)).status >= 400]).toEqual([wrong, true]);
    }
    expect((await it.ask('GET', 'Patient/p')).body.meta.versionId).toBe(versionId);
  });
});
