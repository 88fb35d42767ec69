import type { Logger } from 'pino';
import type { Action, Permit } from '../access/permit.ts';
import type { Registry } from '../conformance/registry.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Issue } from '../fhir/problem.ts';
import type { Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { FhirRequest, Method } from './request.ts';
import type { CustomSearch } from './search-parameters/custom-search.ts';

/** The world an interaction lives in, built once by main.ts. Clock, ids and randomness are passed in. */
export interface World {
  readonly store: Store;
  readonly registry: Registry;
  /** Absolute FHIR base without trailing slash, `http://127.0.0.1:3000/fhir`. */
  readonly base: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Logger;
  /** Every issue of a resource; writes are refused where one is an error or fatal. */
  readonly validate: (resource: Resource) => readonly Issue[];
  /** Resources that rules add to a commit because of what it writes (rules/react.ts): each becomes part of the same commit. */
  readonly react: (written: readonly Resource[]) => Promise<readonly Resource[]> | readonly Resource[];
  readonly referentialIntegrity: boolean;
  /** Named operations (`$name`), made by operation/served.ts. */
  readonly operations: readonly ServedOperation[];
  /** Signs page links. */
  readonly pageKey: Buffer;
  /** Of this software, for the capability statement. */
  readonly version: string;
  /** True where browsers on other origins may call, for the capability statement. */
  readonly cors: boolean;
  /** Endpoints of the authorization server, for the capability statement. */
  readonly smart?: { readonly authorize: string; readonly token: string };
  readonly limits: Limits;
  /** Keeps the registry's search parameters equal to the stored ones; without it they are stored and not searched by. */
  readonly customSearch?: CustomSearch;
}
export interface Limits {
  readonly bundleEntries: number;
  readonly bodyBytes: number;
  readonly pageSize: number;
  readonly maxPageSize: number;
}

/** An operation as routes, batches and the capability statement see it; operation/served.ts makes it from a definition. */
export interface ServedOperation {
  /** Without `$`. */
  readonly code: string;
  readonly definition: Resource & { readonly id: string; readonly url: string };
  readonly affectsState: boolean;
  /** Types at whose level it can be called; undefined where it is not bound to types. */
  readonly types?: readonly string[];
  readonly levels: { readonly system: boolean; readonly type: boolean; readonly instance: boolean };
  invoke(call: Call, target: { readonly type?: string; readonly id?: string }): Promise<Answer>;
}
/** What every interaction is called with. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly request: FhirRequest;
  /** Answers another request of the same caller: entries of a Bundle. */
  readonly dispatch: (request: FhirRequest) => Promise<Answer>;
  /** THE table, for the capability statement. */
  readonly routes: readonly Route[];
}

/** What a route's pattern bound; '' for what it does not mention. */
export interface RouteParams {
  readonly type: string;
  readonly id: string;
  readonly version: string;
  /** The type searched in a compartment, or `*`. */
  readonly inner: string;
}

/** Codes of valueset-type-restful-interaction.html and valueset-system-restful-interaction.html. */
export type Interaction =
  | 'read'
  | 'vread'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'history-type'
  | 'history-system'
  | 'create'
  | 'search-type'
  | 'search-system'
  | 'capabilities'
  | 'transaction';

export interface Route {
  readonly method: Exclude<Method, 'HEAD'>;
  /** `:type`, `:id`, `:version` and `:inner` bind a segment; all others stand for themselves. */
  readonly pattern: string;
  readonly interaction: Interaction;
  /** What the route's type needs in the token's scopes; absent where it depends on the request (system level) or is open. */
  readonly action?: Action;
  /** Query parameters beside those of every interaction; absent where the query is a search's, a history's or criteria. */
  readonly parameters?: readonly string[];
  readonly handle: (call: Call, params: RouteParams) => Promise<Answer>;
}

/** One request's own facts, beside the world. */
export interface Caller {
  readonly permit: Permit;
  /** Correlates log lines and audit records; from X-Request-Id or made. */
  readonly requestId: string;
  readonly remoteAddress: string;
}
/** What interactions need to know of headers, parsed once at the edge. */
export interface Preferences {
  readonly return: 'minimal' | 'representation' | 'OperationOutcome';
  readonly handling: 'strict' | 'lenient';
}
