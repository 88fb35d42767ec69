import type { JsonObject } from '../fhir/resource.ts';

/** What an interaction gives back; http/answer.ts turns it into bytes. `body` is spliced text, or an object yet to be written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
}

/**
 * `bytes` is complete FHIR JSON in UTF-8; `resource` is written with fhir/json.ts; `pieces` are byte runs whose
 * concatenation is complete FHIR JSON (search pages, history).
 */
export type AnswerBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'pieces'; readonly pieces: readonly Buffer[] }
  | { readonly kind: 'resource'; readonly resource: JsonObject }
  /** A Binary served in its own content type. */
  | { readonly kind: 'raw'; readonly bytes: Buffer; readonly contentType: string };
