/** @jest-environment <rootDir>/test/onnx-environment.mjs */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadModel } from '../../src/prediction/model.ts';

describe('a model that is not what it says stops the start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-'));
    cpSync('models/risk-prediction', folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const change = (file: string, edit: (text: string) => string): void =>
    writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), 'utf8')));

  test('it loads from its folder and from the path of its .onnx file', async () => {
    expect((await loadModel(folder)).manifest.name).toBe('risk-prediction');
    expect((await loadModel(join(folder, 'model.onnx'))).manifest.name).toBe('risk-prediction');
  });

  test('one changed byte of the trees is refused', async () => {
    const bytes = readFileSync(join(folder, 'model.onnx'));
    bytes[2000] = (bytes[2000] ?? 0) ^ 1;
    writeFileSync(join(folder, 'model.onnx'), bytes);
    await expect(loadModel(folder)).rejects.toThrow(/model\.onnx has sha256 .* manifest\.json was written for/);
  });

  test('feature definitions that are not those of the training are refused', async () => {
    change('features.json', (text) => text.replace('"atMost": 2', '"atMost": 3'));
    await expect(loadModel(folder)).rejects.toThrow(/features\.json has sha256/);
  });

  test('a missing file is named', async () => {
    rmSync(join(folder, 'model.onnx'));
    await expect(loadModel(folder)).rejects.toThrow(/model\.onnx cannot be read/);
    await expect(loadModel(join(folder, 'nowhere'))).rejects.toThrow(/nowhere: manifest\.json cannot be read/);
  });

  test('a manifest without calibration is malformed, and says where', async () => {
    change('manifest.json', (text) => text.replace('"calibration"', '"callibration"'));
    await expect(loadModel(folder)).rejects.toThrow(/manifest\.json is malformed[\s\S]*calibration/);
  });

  test('a graph that does not run is refused, hash or no hash', async () => {
    const junk = 'no graph';
    const old = readFileSync(join(folder, 'model.onnx'));
    const hash = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
    writeFileSync(join(folder, 'model.onnx'), junk);
    change('manifest.json', (text) => text.replace(hash(old), hash(junk)));
    await expect(loadModel(folder)).rejects.toThrow(/model\.onnx does not run/);
  });
});
