import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { permitFor } from '../../src/access/permit-for.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { bodyBytes } from '../../src/interactions/bundle/response.ts';
import type { World } from '../../src/interactions/context.ts';
import { interact } from '../../src/interactions/interact.ts';
import type { FhirRequest } from '../../src/interactions/request.ts';
import { openTestStore } from '../store/open-test-store.ts';
import { uuidV7 } from '../../src/uuid-v7.ts';

export const BASE = 'http://fhir.test/fhir';
const registry = loadRegistry();

/** What a client sees of an answer; refusals are answers too. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
}
export interface Asking {
  readonly scope?: string;
  readonly patient?: string;
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}
export interface Living {
  readonly world: World;
  ask(method: FhirRequest['method'], url: string, body?: unknown, asking?: Asking): Promise<Seen>;
  stop(): Promise<void>;
}

/** A world over an empty store, asked as a client would ask; `now` is the clock of both, ms UTC. */
export async function living(changes: Partial<World> = {}, now: () => number = Date.now): Promise<Living> {
  const folder = mkdtempSync(join(tmpdir(), 'interactions-'));
  const masterKey = createHash('sha256').update('test').digest();
  const store = await openTestStore(folder, masterKey, now);
  const world: World = {
    store,
    registry,
    base: BASE,
    now,
    newId: uuidV7(now),
    log: pino({ level: 'silent' }),
    validate: validator(registry),
    react: () => [],
    referentialIntegrity: true,
    operations: [],
    pageKey: masterKey,
    version: '0.0.0',
    cors: false,
    limits: { bundleEntries: 500, bodyBytes: 10_000_000, pageSize: 20, maxPageSize: 100 },
    ...changes,
  };
  return {
    world,
    ask: (method, url, body, asking = {}) => ask(world, method, url, body, asking),
    async stop() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(
  world: World,
  method: FhirRequest['method'],
  url: string,
  body: unknown,
  asking: Asking,
): Promise<Seen> {
  const {
    scope = 'system/*.cruds',
    patient,
    client = 'tester',
    headers = {},
    contentType = 'application/fhir+json',
  } = asking;
  const [path = '', query = ''] = url.split('?');
  const claims = { client_id: client, scope, exp: 4_000_000_000, ...(patient !== undefined && { patient }) };
  const request: FhirRequest = {
    method,
    path: path.split('/').filter((segment) => segment !== ''),
    query: [...new URLSearchParams(query)],
    headers: (name) => headers[name],
    ...(body !== undefined && {
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      contentType,
    }),
  };
  const caller = { permit: permitFor(claims, registry), requestId: 'r-1', remoteAddress: '192.0.2.1' };
  try {
    return seen(await interact(world, caller, request));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const outcome = { resourceType: 'OperationOutcome', issue: error.issues };
    return { status: error.status, headers: error.headers, text: JSON.stringify(outcome), body: outcome };
  }
}

function seen(answer: Answer): Seen {
  const bytes = answer.body?.kind === 'raw' ? answer.body.bytes : bodyBytes(answer);
  const text = bytes?.toString() ?? '';
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

export const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-01-01T00:00:00Z',
  valueQuantity: { value: 60, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...more,
});
