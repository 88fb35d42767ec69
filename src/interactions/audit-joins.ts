import { Problem } from '../fhir/problem.ts';
import type { ParsedSearch } from '../search/parse.ts';
import { somePredicate } from '../search/predicate-walk.ts';

/**
 * The log is rendered when it is asked for and joined to nothing: what would tell of AuditEvents that clients stored
 * alone, and so of few of many, is refused. Throws Problem `not-supported`.
 */
export function refuseLogJoins({ query, revincludes }: ParsedSearch, areTypesNamed: () => boolean): void {
  if (revincludes.some(({ source }) => source === 'AuditEvent')) throw unjoined('_revinclude');
  if (somePredicate(query.where, (part) => part.kind === 'has' && part.source === 'AuditEvent')) throw unjoined('_has');
  if (query.types.length > 1 && query.types.includes('AuditEvent') && areTypesNamed()) throw unjoined('_type');
}

const unjoined = (parameter: string): Problem =>
  new Problem(
    'not-supported',
    `search parameter '${parameter}': AuditEvents are searched by themselves; ask for AuditEvent?entity=… or ?patient=…`,
    { expression: [parameter] },
  );
