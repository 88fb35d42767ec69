import { instantText } from '../fhir/period.ts';
import type { ResourceKey } from '../fhir/ids.ts';
import type { JsonObject } from '../fhir/resource.ts';
import type { AnswerBody } from './answer.ts';

export interface Link {
  readonly relation: 'self' | 'first' | 'next' | 'previous';
  readonly url: string;
}

/** An entry whose resource is spliced in as it is stored; `before` and `after` are its other members' text. */
export interface EntryPieces {
  /** Where the resource is, below the head's base: the entry's fullUrl. */
  readonly at?: ResourceKey;
  /** Complete JSON of the resource; absent for deletions. */
  readonly resource?: Buffer | undefined;
  /** JSON text of further members: `"search":{"mode":"match"}`. */
  readonly members: string;
}
export interface BundleHead {
  /** This server's FHIR base. */
  readonly base: string;
  readonly type: 'searchset' | 'history' | 'transaction-response' | 'batch-response';
  readonly id: string;
  readonly at: number;
  readonly total?: number | undefined;
  readonly links?: readonly Link[];
  /** Subsetted Bundles and the like. */
  readonly meta?: JsonObject;
}

const RESOURCE = '"resource":';

/** A Bundle as pieces: bodies are never parsed (answer.ts). */
export function bundlePieces(head: BundleHead, entries: readonly EntryPieces[]): AnswerBody {
  const pieces: Buffer[] = [];
  let text = headText(head);
  // Types and ids need no escapes.
  const fullUrl = `"fullUrl":${JSON.stringify(`${head.base}/`).slice(0, -1)}`;
  if (entries.length > 0) text += ',"entry":[';
  for (const [index, { at, resource, members }] of entries.entries()) {
    text += index === 0 ? '{' : ',{';
    if (at !== undefined) text += `${fullUrl}${at.type}/${at.id}"${resource || members !== '' ? ',' : ''}`;
    if (resource !== undefined) {
      pieces.push(Buffer.from(text + RESOURCE), resource);
      text = members === '' ? '' : ',';
    }
    text += `${members}}`;
  }
  text += entries.length > 0 ? ']}' : '}';
  pieces.push(Buffer.from(text));
  return { kind: 'pieces', pieces };
}

function headText({ type, id, at, total, links = [], meta = {} }: BundleHead): string {
  const instant = instantText(at);
  const fixed = JSON.stringify({
    resourceType: 'Bundle',
    id,
    meta: { lastUpdated: instant, ...meta },
    type,
    timestamp: instant,
  });
  const counted = total === undefined ? '' : `,"total":${total}`;
  const linked = links.length === 0 ? '' : `,"link":${JSON.stringify(links)}`;
  return fixed.slice(0, -1) + counted + linked;
}
