import type { JsonObject } from './resource.ts';

/** Every way a request can fail: HTTP status and OperationOutcome issue code (valueset-issue-type.html), in one place. */
export const PROBLEMS = {
  'malformed-body': { status: 400, issue: 'structure' },
  invalid: { status: 400, issue: 'invalid' },
  'invalid-resource': { status: 422, issue: 'invariant' },
  'invalid-search': { status: 400, issue: 'invalid' },
  'unknown-parameter': { status: 400, issue: 'not-supported' },
  'not-supported': { status: 400, issue: 'not-supported' },
  unauthenticated: { status: 401, issue: 'login' },
  forbidden: { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  'unknown-type': { status: 404, issue: 'not-supported' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  'not-acceptable': { status: 406, issue: 'not-supported' },
  conflict: { status: 409, issue: 'conflict' },
  'duplicate-target': { status: 400, issue: 'duplicate' },
  deleted: { status: 410, issue: 'deleted' },
  'version-mismatch': { status: 412, issue: 'conflict' },
  'multiple-matches': { status: 412, issue: 'multiple-matches' },
  'too-large': { status: 413, issue: 'too-long' },
  'too-costly': { status: 400, issue: 'too-costly' },
  'unsupported-media-type': { status: 415, issue: 'not-supported' },
  'business-rule': { status: 422, issue: 'business-rule' },
  throttled: { status: 429, issue: 'throttled' },
  unexpected: { status: 500, issue: 'exception' },
  unavailable: { status: 503, issue: 'transient' },
} as const satisfies Record<string, { status: number; issue: string }>;

export type ProblemKind = keyof typeof PROBLEMS;

/** One issue of an OperationOutcome. `expression` is a FHIRPath such as `Observation.status` or `Bundle.entry[3].resource`. */
export interface Issue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly code: string;
  readonly diagnostics: string;
  readonly expression?: readonly string[];
}

interface ProblemOptions {
  readonly expression?: readonly string[];
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one family of failures. It knows its HTTP status and its OperationOutcome; `http/problems.ts` renders it. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, diagnostics: string, options: ProblemOptions = {}) {
    super(diagnostics, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.kind = kind;
    this.headers = options.headers ?? {};
    this.issues = options.issues ?? [
      {
        severity: 'error',
        code: PROBLEMS[kind].issue,
        diagnostics,
        ...(options.expression && { expression: options.expression }),
      },
    ];
  }

  get status(): number {
    return PROBLEMS[this.kind].status;
  }

  /** The same failure seen from an enclosing element: `Observation.status` inside entry 3 becomes `Bundle.entry[3].resource.status`. */
  within(prefix: string): Problem {
    const issues = this.issues.map((issue) => ({
      ...issue,
      expression: (issue.expression ?? ['']).map((path) => {
        const rest = path.replace(/^[A-Z][A-Za-z]*(?=\.|\[|$)/, '').replace(/^\./, '');
        return rest === '' ? prefix : rest.startsWith('[') ? `${prefix}${rest}` : `${prefix}.${rest}`;
      }),
    }));
    return new Problem(this.kind, this.message, { issues, cause: this.cause, headers: this.headers });
  }
}

/** An OperationOutcome resource of the given issues (operationoutcome.html). */
export const operationOutcome = (issues: readonly Issue[]): JsonObject & { resourceType: 'OperationOutcome' } => ({
  resourceType: 'OperationOutcome',
  issue: issues.map((issue) => ({
    severity: issue.severity,
    code: issue.code,
    diagnostics: issue.diagnostics,
    ...(issue.expression && { expression: issue.expression }),
  })),
});
