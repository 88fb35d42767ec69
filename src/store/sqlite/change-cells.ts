import type { Expectation } from '../store.ts';
import type { CellReader, CellWriter } from './cells.ts';
import type { ChangeOrder, CommitOrder, SealedSpan, SentCommit } from './messages.ts';

const METHODS = ['POST', 'PUT', 'PATCH'];
const EXPECTED = ['any', 'absent', 'present', 'version'] as const;

type Required = CommitOrder['requires'][number];

/** What every change states. */
export interface Head {
  readonly hash: number;
  readonly type: number;
  readonly id: string;
  readonly expect: Expectation;
}

function writeHead(out: CellWriter, { hash, type, id, expect }: Head): void {
  out.number(hash);
  out.number(type);
  out.text(id);
  out.number(EXPECTED.indexOf(expect.kind));
  out.number(expect.kind === 'version' ? expect.version : 0);
}

export function writeDelete(out: CellWriter, head: Head): void {
  out.number(0);
  writeHead(out, head);
}

/** A put but for its rows, which follow (index-rows.ts). */
export function writePut(
  out: CellWriter,
  head: Head,
  put: {
    readonly method: string;
    readonly fingerprint: string;
    readonly indexed: string;
    readonly body: SealedSpan;
  },
): void {
  out.number(1);
  writeHead(out, head);
  out.number(METHODS.indexOf(put.method));
  out.text(put.fingerprint);
  out.text(put.indexed);
  out.number(put.body.at);
  out.number(put.body.length);
  out.number(put.body.dataKey);
}

export function writeRequired(out: CellWriter, { hash, key }: Required): void {
  out.number(hash);
  out.text(key.type);
  out.text(key.id);
}

/** A commit with its changes and what it requires, which follow one after another. */
export function readCommit(sent: SentCommit, from: CellReader): CommitOrder {
  const { guards = [], keys = [], now, receipt } = sent;
  const changes = Array.from({ length: sent.changes }, () => readChange(from));
  const requires = Array.from({ length: sent.requires }, () => readRequired(from));
  return { kind: 'commit', now, changes, guards, requires, keys, ...(receipt && { receipt }) };
}

const readRequired = (from: CellReader): Required => ({
  hash: from.number(),
  key: { type: from.text(), id: from.text() },
});

/** The next change, its rows still as cells. */
function readChange(from: CellReader): ChangeOrder {
  const isPut = from.number() === 1;
  const head = {
    hash: from.number(),
    type: from.number(),
    id: from.text(),
    expect: expectation(EXPECTED[from.number()] ?? 'any', from.number()),
  };
  if (!isPut) return { kind: 'delete', ...head };
  return {
    kind: 'put',
    ...head,
    method: METHODS[from.number()] ?? '',
    fingerprint: from.text(),
    indexed: from.text(),
    body: { at: from.number(), length: from.number(), dataKey: from.number() },
    rows: { cells: from.part(from.number()), kept: from.text() },
  };
}

const expectation = (kind: Expectation['kind'], version: number): Expectation =>
  kind === 'version' ? { kind, version } : { kind };
