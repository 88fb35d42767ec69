import { fileURLToPath } from 'node:url';
import { type Config, ConfigError, MODEL_PATHS } from './config.ts';
import { loadModel, type Model } from './prediction/model.ts';

/** Beside dist/, where the bundle runs from. */
const RISK_PREDICTION = fileURLToPath(new URL('../models/risk-prediction', import.meta.url));

/**
 * The models that $predict offers: the risk model that ships, or the one that its variable names, and what the other
 * variables name. The first is the default.
 * @throws ConfigError where a model is missing or is not the one its manifest was written for: the server does not start without it.
 */
export const loadModels = (config: Config): Promise<readonly Model[]> =>
  Promise.all(
    MODEL_PATHS.flatMap((variable, index) => {
      const path = config[variable] ?? (index === 0 ? RISK_PREDICTION : undefined);
      return path === undefined ? [] : [loadNamed(variable, path)];
    }),
  );

async function loadNamed(variable: string, path: string): Promise<Model> {
  try {
    return await loadModel(path);
  } catch (cause) {
    throw new ConfigError(`${variable}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Has every model score one empty row; rejects where one does not answer. */
export async function probeModels(models: readonly Model[]): Promise<void> {
  for (const { manifest, score } of models)
    await score([new Array<number>(manifest.model.input.size).fill(Number.NaN)]);
}
