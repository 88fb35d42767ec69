import { type ModelFiles, readModelFiles } from './manifest.ts';
import { openOnnx, type Score } from './onnx-runtime.ts';

/** A model that is loaded, verified and warm. */
export interface Model extends Pick<ModelFiles, 'manifest' | 'definitions'> {
  readonly score: Score;
}

/**
 * Loads the model of a folder (or of an `.onnx` file with its manifest beside it). Called once, at the start.
 * @throws Error where a file is missing, is not the one its manifest was written for, or does not run.
 */
export async function loadModel(path: string): Promise<Model> {
  const { manifest, definitions, onnx } = readModelFiles(path);
  try {
    return { manifest, definitions, score: await openOnnx(onnx, manifest.model) };
  } catch (cause) {
    throw new Error(`Model ${path}: ${manifest.model.file} does not run: ${String(cause)}`, { cause });
  }
}
