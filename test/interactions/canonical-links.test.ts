import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, idsOf } from './asking.ts';
import { type Living, living } from './living.ts';

const FORM = 'http://clinic.test/Questionnaire/sleep';
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  const form = (id: string, url: string, version: string, title: string) =>
    put({ resourceType: 'Questionnaire', id, url, version, title, status: 'active' });
  await form('one', FORM, '1.0', 'Sleep');
  await form('two', FORM, '2.0', 'Sleep, shortened');
  await form('other', 'http://clinic.test/Questionnaire/mood', '1.0', 'Mood');
  await put({ resourceType: 'Patient', id: 'p', name: [{ family: 'Adler' }] });
  const answers = (id: string, questionnaire: string, more: object = {}) =>
    put({ resourceType: 'QuestionnaireResponse', id, status: 'completed', questionnaire, ...more });
  await answers('first', `${FORM}|1.0`, { subject: { reference: 'Patient/p' } });
  await answers('any', FORM);
  await answers('mood', 'http://clinic.test/Questionnaire/mood', { status: 'stopped' });
  await answers('lost', 'http://elsewhere.test/form');
});
afterAll(() => it.stop());

const included = async (url: string): Promise<readonly string[]> =>
  idsOf(await it.ask('GET', url), 'include').toSorted();

describe('what refers by canonical', () => {
  test.each([
    ['QuestionnaireResponse?questionnaire.title=sleep', ['any', 'first']],
    ['QuestionnaireResponse?questionnaire.title:exact=Sleep', ['any', 'first']],
    ['QuestionnaireResponse?questionnaire:Questionnaire.version=2.0', ['any']],
    ['QuestionnaireResponse?questionnaire.title=mood&status=completed', []],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=stopped', ['other']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:patient.name=adler', ['one']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed', ['one', 'two']],
  ])('is followed by chains and _has, in the version named or in any: %s', async (url, ids) => {
    expect(await found(url)).toEqual(ids);
  });

  test('is included, and includes what it refers to', async () => {
    const include = '_include=QuestionnaireResponse:questionnaire';
    expect(await included(`QuestionnaireResponse?_id=first&${include}`)).toEqual(['one']);
    expect(await included(`QuestionnaireResponse?_id=any&${include}`)).toEqual(['one', 'two']);
    expect(await included(`QuestionnaireResponse?_id=lost&${include}`)).toEqual([]);
    expect(await included(`QuestionnaireResponse?_id=first&${include}:Patient`)).toEqual([]);
    const back = '_revinclude=QuestionnaireResponse:questionnaire';
    expect(await included(`Questionnaire?_id=one&${back}`)).toEqual(['any', 'first']);
    expect(await included(`Questionnaire?_id=two&${back}`)).toEqual(['any']);
  });

  test('leads to nothing that the caller may not see', async () => {
    const narrow = { scope: 'system/QuestionnaireResponse.rs' };
    const url = 'QuestionnaireResponse?_id=first&_include=QuestionnaireResponse:questionnaire';
    expect(idsOf(await it.ask('GET', url, undefined, narrow), 'include')).toEqual([]);
    const chained = await it.ask('GET', 'QuestionnaireResponse?questionnaire.title=sleep', undefined, narrow);
    expect(chained.status).toBe(403);
  });
});
