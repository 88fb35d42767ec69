import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Scores rows of features, one number a row. NaN is a missing value. */
export type Score = (rows: readonly (readonly number[])[]) => Promise<readonly number[]>;

interface Port {
  readonly input: { readonly name: string; readonly size: number };
  readonly output: { readonly name: string };
}

/**
 * Opens an ONNX model once and warms it up, so that a model that cannot run stops the start and not a request.
 * @throws Error where the graph is unreadable or its input and output are not those stated.
 */
export async function openOnnx(onnx: Buffer, { input, output }: Port): Promise<Score> {
  // Small graphs: a second thread costs more than it brings and takes a core from the server.
  const session = await InferenceSession.create(onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  if (!session.inputNames.includes(input.name) || !session.outputNames.includes(output.name))
    throw new Error(
      `The ONNX graph has inputs ${session.inputNames.join()} and outputs ${session.outputNames.join()}, not ${input.name} and ${output.name}`,
    );
  const score: Score = async (rows) => {
    const data = Float32Array.from(rows.flat());
    if (data.length !== rows.length * input.size)
      throw new Error(`The model reads ${input.size} features a row, but was given ${data.length / rows.length}`);
    const results = await session.run({ [input.name]: new Tensor('float32', data, [rows.length, input.size]) });
    const values = results[output.name]?.data;
    if (!(values instanceof Float32Array) || values.length !== rows.length)
      throw new Error(`The ONNX graph did not give one float32 a row as ${output.name}`);
    return [...values];
  };
  await score([new Array<number>(input.size).fill(Number.NaN)]);
  return score;
}
