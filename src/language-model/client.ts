import OpenAI from 'openai';
import { Problem } from '../fhir/problem.ts';

/** A chat model behind any server that speaks OpenAI's API. */
export interface LanguageModel {
  /** The model that a task is mapped to. */
  modelFor(task: string): string;
  /** One answer. @throws Problem `unavailable` where the server cannot be reached, refuses or answers nothing. */
  complete(task: string, instructions: string, prompt: string): Promise<string>;
}

export interface LanguageModelOptions {
  readonly apiKey: string;
  readonly baseUrl?: string;
  /** Task → model; `default` for the others. */
  readonly models: Readonly<Record<string, string>>;
  /** Of each of two tries. */
  readonly timeoutMs?: number;
}

const OPENAI = 'https://api.openai.com/v1';
const DEFAULT_MODEL = 'gpt-4o-mini';

const own = (models: Readonly<Record<string, string>>, task: string): string | undefined =>
  Object.hasOwn(models, task) ? models[task] : undefined;

/** Opens the client; nothing is sent until it is asked. */
export function openLanguageModel({
  apiKey,
  baseUrl,
  models,
  timeoutMs = 30_000,
}: LanguageModelOptions): LanguageModel {
  const client = new OpenAI({
    apiKey,
    timeout: timeoutMs,
    // Somebody waits for the note, and there is a drafter that needs no model.
    maxRetries: 1,
    // The SDK would read these from the environment, and log what it sends.
    organization: null,
    project: null,
    logLevel: 'off',
    baseURL: baseUrl ?? OPENAI,
  });
  const modelFor = (task: string): string => own(models, task) ?? own(models, 'default') ?? DEFAULT_MODEL;
  return {
    modelFor,
    async complete(task, instructions, prompt) {
      try {
        const answer = await client.chat.completions.create({
          model: modelFor(task),
          temperature: 0,
          messages: [
            { role: 'system', content: instructions },
            { role: 'user', content: prompt },
          ],
        });
        const text = answer.choices[0]?.message.content;
        if (!text) throw new Problem('unavailable', 'The language model answered nothing');
        return text;
      } catch (error) {
        if (error instanceof Problem) throw error;
        const reason =
          error instanceof OpenAI.APIError && error.status !== undefined ? `status ${error.status}` : 'no answer';
        throw new Problem('unavailable', `The language model could not be asked: ${reason}`, { cause: error });
      }
    },
  };
}
