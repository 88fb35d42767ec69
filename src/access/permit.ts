import type { Predicate } from '../search/query.ts';

/** What a caller may do, decided once per request from its token (SMART App Launch 2.2, scopes v2). Pure. */
export interface Permit {
  readonly agent: Agent;
  /**
   * The one policy question, asked by every read path: search, read, `_include`, `_has`, chain, sort, count, history, export, notification.
   * `where` is AND-ed into every query on the type; a body read without a query is checked with search/satisfies.ts.
   */
  decide(action: Action, type: string): Decision;
}
/** SMART v2: create, read (read, vread, instance history), update, delete, search (type and system search and history). */
export type Action = 'c' | 'r' | 'u' | 'd' | 's';

export type Decision =
  | { readonly allowed: true; readonly where: Predicate }
  | { readonly allowed: false; readonly reason: string };

/** Who asks, for the audit trail and for rate limits. */
export interface Agent {
  /** OAuth client id. */
  readonly client: string;
  /** FHIR reference of the user (`Practitioner/1`), where there is one. */
  readonly user?: string;
  /** Patient in context (`launch/patient`), a logical id. */
  readonly patient?: string;
  readonly scopes: readonly string[];
  readonly tokenId?: string;
}
