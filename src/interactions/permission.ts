import type { Action } from '../access/permit.ts';
import { Problem } from '../fhir/problem.ts';
import { and, type Predicate } from '../search/query.ts';
import type { Caller } from './context.ts';

/** What the caller may do with a type: the predicate that narrows it. Throws Problem `forbidden` where nothing is allowed. */
export function permitted(caller: Caller, action: Action, type: string): Predicate {
  const decision = caller.permit.decide(action, type);
  if (!decision.allowed) throw new Problem('forbidden', decision.reason);
  return decision.where;
}

/**
 * A client's predicate with the policy ANDed into every chained and reverse-chained type: a search must not reveal what
 * a read would refuse. Throws Problem `forbidden` where a chain passes through a type that may not be searched.
 */
export function guarded(caller: Caller, predicate: Predicate): Predicate {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return { kind: predicate.kind, of: predicate.of.map((part) => guarded(caller, part)) };
    case 'not':
      return { kind: 'not', of: guarded(caller, predicate.of) };
    case 'composite':
      return { ...predicate, components: predicate.components.map((part) => guarded(caller, part)) };
    case 'chain':
      return { ...predicate, where: and(permitted(caller, 's', predicate.type), guarded(caller, predicate.where)) };
    case 'has':
      return { ...predicate, where: and(permitted(caller, 's', predicate.source), guarded(caller, predicate.where)) };
    case 'all':
    case 'none':
    case 'id':
    case 'lastUpdated':
    case 'missing':
    case 'token':
    case 'string':
    case 'date':
    case 'number':
    case 'quantity':
    case 'reference':
    case 'uri':
    case 'fulltext':
    case 'near':
      return predicate;
    default:
      return predicate satisfies never;
  }
}
