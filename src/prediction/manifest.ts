import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type FeatureDefinitions, featureDefinitions } from './feature-definitions.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const interval = z.tuple([z.number(), z.number()]);

const schema = z.object({
  name: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string(),
  /** What is predicted, as a coding. */
  code: z.object({ system: z.url(), code: z.string(), display: z.string() }),
  limits: z.string(),
  licence: z.string(),
  /** Exact only where no tree joins more than two features: training says so. */
  explanation: z.object({ method: z.literal('shapley-pairwise') }),
  model: z.object({
    file: z.string(),
    sha256,
    input: z.object({ name: z.string(), type: z.literal('float32'), size: z.int().positive() }),
    /** Log-odds before calibration. */
    output: z.object({ name: z.string(), type: z.literal('float32') }),
  }),
  features: z.object({ file: z.string(), sha256, names: z.array(z.string()).min(1) }),
  horizon: z.object({ horizonDays: z.int().positive() }),
  requirements: z.array(
    z.object({ measure: z.string(), days: z.int().positive(), minimum: z.int().positive(), text: z.string() }),
  ),
  calibration: z.object({ method: z.literal('platt'), slope: z.number().positive(), intercept: z.number() }),
  /** Rising; the last has no upper end. */
  bands: z.array(z.object({ code: z.enum(['low', 'moderate', 'high']), below: z.number().optional() })).min(1),
  /** The inputs from which contributions are measured. */
  reference: z.object({ values: z.array(z.number()) }),
  metrics: z.object({
    size: z.object({ people: z.int(), days: z.int(), positive: z.int() }),
    summary: z.object({
      auc: z.number(),
      aucInterval: interval,
      brier: z.number(),
      brierOfPrevalence: z.number(),
    }),
  }),
});

/** manifest.json: what a model is, reads, gives, was trained on and is worth. */
export type Manifest = z.infer<typeof schema>;
/** Data without which the model abstains: at least `minimum` of the last `days` days with the measure. */
export type Requirement = Manifest['requirements'][number];

/** A model's files, read and found to belong together. */
export interface ModelFiles {
  readonly manifest: Manifest;
  readonly definitions: FeatureDefinitions;
  readonly onnx: Buffer;
}

/**
 * Reads the model in a folder (or beside the `.onnx` file named) and holds its files against the manifest.
 * @throws Error naming the file that is missing, malformed or not the one that the manifest was written for.
 */
export function readModelFiles(path: string): ModelFiles {
  const folder = path.endsWith('.onnx') ? dirname(path) : path;
  const read = (file: string): Buffer => {
    try {
      return readFileSync(join(folder, file));
    } catch (cause) {
      throw new Error(`Model ${path}: ${file} cannot be read`, { cause });
    }
  };
  const parse = <T>(file: string, bytes: Buffer, as: z.ZodType<T>): T => {
    try {
      return as.parse(JSON.parse(bytes.toString('utf8')));
    } catch (cause) {
      const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
      throw new Error(`Model ${path}: ${file} is malformed: ${why}`, { cause });
    }
  };
  const verified = (file: string, expected: string): Buffer => {
    const bytes = read(file);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== expected)
      throw new Error(`Model ${path}: ${file} has sha256 ${found}, but manifest.json was written for ${expected}`);
    return bytes;
  };
  const manifest = parse('manifest.json', read('manifest.json'), schema);
  const { model, features } = manifest;
  if (path.endsWith('.onnx') && basename(path) !== model.file)
    throw new Error(`Model ${path}: manifest.json beside it describes ${model.file}`);
  const onnx = verified(model.file, model.sha256);
  const definitions = parse(features.file, verified(features.file, features.sha256), featureDefinitions);
  const names = definitions.features.map(({ name }) => name).join();
  const sizes = [features.names.length, manifest.reference.values.length];
  if (names !== features.names.join() || sizes.some((size) => size !== model.input.size))
    throw new Error(`Model ${path}: manifest.json and ${features.file} do not list the same features`);
  for (const { measure } of manifest.requirements)
    if (!(measure in definitions.measures))
      throw new Error(`Model ${path}: a requirement reads a measure that is not defined: ${measure}`);
  return { manifest, definitions, onnx };
}
