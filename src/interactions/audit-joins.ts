import { Problem } from '../fhir/problem.ts';
import type { ParsedSearch } from '../search/parse.ts';
import type { Predicate } from '../search/query.ts';

/**
 * The log is rendered when it is asked for and joined to nothing: what would tell of AuditEvents that clients stored
 * alone, and so of few of many, is refused. Throws Problem `not-supported`.
 */
export function refuseLogJoins({ query, revincludes }: ParsedSearch, areTypesNamed: () => boolean): void {
  if (revincludes.some(({ source }) => source === 'AuditEvent')) throw unjoined('_revinclude');
  if (asksForLog(query.where)) throw unjoined('_has');
  if (query.types.length > 1 && query.types.includes('AuditEvent') && areTypesNamed()) throw unjoined('_type');
}

const unjoined = (parameter: string): Problem =>
  new Problem(
    'not-supported',
    `search parameter '${parameter}': AuditEvents are searched by themselves; ask for AuditEvent?entity=… or ?patient=…`,
    { expression: [parameter] },
  );

function asksForLog(where: Predicate): boolean {
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.of.some(asksForLog);
    case 'not':
      return asksForLog(where.of);
    case 'has':
      return where.source === 'AuditEvent' || asksForLog(where.where);
    case 'chain':
      return asksForLog(where.where);
    default:
      return false;
  }
}
