import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';

const folder = mkdtempSync(join(tmpdir(), 'token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const token = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: `sqlite:${folder}/novamind.db`, ...environment, NODE_OPTIONS: '' };
    execFile('npm', ['run', '--silent', 'token', '--', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

describe('npm run token', () => {
  test('prints one usable token and nothing else', async () => {
    const { code, out, err } = await token([
      '--scope',
      'patient/*.rs openid',
      '--patient',
      'p1',
      '--user',
      'Practitioner/7',
      '--expires-in',
      '60',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const claims = decodeJwt(out.trim());
    expect(claims).toMatchObject({
      scope: 'patient/*.rs openid',
      patient: 'p1',
      fhirUser: 'Practitioner/7',
      sub: 'Practitioner/7',
    });
    expect(claims.aud).toMatch(/\/fhir$/);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
    expect(decodeProtectedHeader(out.trim()).alg).toBe('HS256');
  });

  test.each([
    ['production', ['--scope', 'system/*.cruds'], { ENVIRONMENT: 'production' }, /ENVIRONMENT is production/],
    ['a missing scope', [], {}, /--scope is missing/],
    ['a scope that grants nothing', ['--scope', 'everything'], {}, /--scope/],
    ['a patient scope without a patient', ['--scope', 'patient/*.rs'], {}, /--patient is missing/],
    ['a user who is none', ['--scope', 'system/*.rs', '--user', 'bob'], {}, /--user/],
    ['a wrong variable', ['--scope', 'system/*.rs'], { PORT: 'x' }, /PORT/],
  ])('%s is refused in one line and no token is printed', async (_case, args, environment, line) => {
    const { code, out, err } = await token(args, environment as Record<string, string>);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(line);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
