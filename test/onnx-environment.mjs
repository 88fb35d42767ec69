import { TestEnvironment } from 'jest-environment-node';

/**
 * onnxruntime-node's binding compares with the typed arrays of the process, not of the jest sandbox
 * (`A float32 tensor's data must be type of function Float32Array()`): share them.
 */
export default class OnnxEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, BigInt64Array, Uint8Array, ArrayBuffer });
  }
}
