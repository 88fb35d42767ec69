import { afterEach, describe, expect, test } from '@jest/globals';
import { openLanguageModel } from '../../src/language-model/client.ts';
import { modelServer } from './model-server.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

const serving = async (answer: string | number) => {
  const server = await modelServer(() => answer);
  stop = server.stop;
  return server;
};

describe('a language model behind the chat completions protocol', () => {
  test('is asked with the task’s model, the key, instructions and prompt apart', async () => {
    const { model, asked } = await serving('Sleep was 401 min [1].');
    expect(await model.complete('note', 'Write.', '[1] Sleep 401 min')).toBe('Sleep was 401 min [1].');
    expect(asked).toMatchObject([
      {
        url: '/v1/chat/completions',
        authorization: 'Bearer sk-test',
        body: {
          model: 'mental-llama',
          temperature: 0,
          messages: [
            { role: 'system', content: 'Write.' },
            { role: 'user', content: '[1] Sleep 401 min' },
          ],
        },
      },
    ]);
  });
  test('other tasks have the default model, a name of an object’s own too', async () => {
    const { model } = await serving('');
    expect([model.modelFor('summary'), model.modelFor('constructor')]).toEqual(['small', 'small']);
  });
  test.each([[401], [429], [500]])('that answers %i is unavailable', async (status) => {
    const { model } = await serving(status);
    await expect(model.complete('note', '', '')).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
  });
  test('that answers nothing is unavailable', async () => {
    const { model } = await serving('');
    await expect(model.complete('note', '', '')).rejects.toMatchObject({ kind: 'unavailable' });
  });
  test('that is not there is unavailable, and the reason says no secret', async () => {
    const gone = openLanguageModel({
      apiKey: 'sk-secret',
      baseUrl: 'http://127.0.0.1:1/v1',
      models: {},
      timeoutMs: 500,
    });
    await expect(gone.complete('note', '', '')).rejects.toThrow(/^The language model could not be asked: no answer$/);
  });
});
