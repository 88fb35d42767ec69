import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { predictOperation } from '../../operations/predict/predict.ts';
import { permitFor } from '../../src/access/permit-for.ts';
import { composeWorld, loadDefinitions } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { parseJson } from '../../src/fhir/json.ts';
import { isObject, type JsonObject } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { interact } from '../../src/interactions/interact.ts';
import { loadKeys } from '../../src/keys.ts';
import { openStore } from '../../src/open-store.ts';
import { served } from '../../src/operation/served.ts';
import { loadModel } from '../../src/prediction/model.ts';
import { DAILY_WELLNESS_QUESTIONNAIRE } from '../../src/series/codes.ts';
import { addDays } from '../../src/series/local-time.ts';

/** A world over an empty embedded store that serves `$predict` with the shipped model; its clock stands still. */
export async function predicting(now: string) {
  const folder = mkdtempSync(join(tmpdir(), 'predict-'));
  const config = loadConfig({ ENVIRONMENT: 'test', DATABASE_URL: `sqlite:${folder}/novamind.db` });
  const keys = loadKeys({ ...config, dataDirectory: folder });
  const store = await openStore(config, keys);
  const registry = loadDefinitions('profiles');
  const operations = [served(predictOperation([await loadModel('models/risk-prediction')]))];
  const world = {
    ...composeWorld(config, keys, pino({ level: 'silent' }), store, registry, { operations, react: () => [] }),
    now: () => Date.parse(now),
  };
  const send = (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body?: JsonObject,
    { scope = 'system/*.cruds', patient }: { readonly scope?: string; readonly patient?: string } = {},
  ): Promise<Answer> => {
    const claims = { client_id: 'test', scope, exp: 2e9, ...(patient !== undefined && { patient }) };
    const caller = { permit: permitFor(claims, registry), requestId: 'r', remoteAddress: '::1' };
    return interact(world, caller, {
      method,
      path: path.split('/'),
      query: [],
      headers: () => undefined,
      ...(body && { body: Buffer.from(JSON.stringify(body)), contentType: 'application/fhir+json' }),
    });
  };
  return {
    send,
    /** Reports of the `count` days that end on `last`, one QuestionnaireResponse a day. */
    async report(patient: string, last: string, count: number, mood: number, stress: number): Promise<void> {
      for (let ago = 0; ago < count; ago++)
        await send('PUT', `QuestionnaireResponse/${patient}-${ago}`, {
          resourceType: 'QuestionnaireResponse',
          id: `${patient}-${ago}`,
          questionnaire: DAILY_WELLNESS_QUESTIONNAIRE,
          status: 'completed',
          subject: { reference: `Patient/${patient}` },
          authored: `${addDays(last, -ago)}T08:00:00+01:00`,
          item: [
            { linkId: 'mood', answer: [{ valueInteger: mood }] },
            { linkId: 'stress', answer: [{ valueInteger: stress }] },
          ],
        });
    },
    async stop(): Promise<void> {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The resource that an answer carries. */
export function resourceOf(answer: Answer): JsonObject {
  const { body } = answer;
  if (body?.kind === 'resource') return body.resource;
  const parsed = body?.kind === 'bytes' ? parseJson(body.bytes) : undefined;
  if (!isObject(parsed)) throw new Error('an answer without a resource');
  return parsed;
}
