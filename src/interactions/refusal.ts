import type { ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Refusal } from '../store/store.ts';
import type { Planned } from './commit.ts';

/** Why the store refused a commit, as a Problem. `expressions` says by which element a missing resource is referred to. */
export function refused(
  because: Refusal,
  changes: readonly Planned[],
  expressions: ReadonlyMap<string, string>,
): Problem {
  switch (because.kind) {
    case 'expectation': {
      const change = changes[because.change];
      const problem = unexpectedVersion(change, because.current);
      return change?.within === undefined ? problem : problem.within(change.within);
    }
    case 'guard':
      return new Problem('conflict', 'Other writers kept changing what the conditional criteria match; try again');
    case 'missing':
      return missingTarget(because.key, expressions);
    default:
      return because satisfies never;
  }
}

/** A reference to what is not here, or not for this caller. */
export function missingTarget({ type, id }: ResourceKey, expressions: ReadonlyMap<string, string>): Problem {
  const key = `${type}/${id}`;
  const expression = expressions.get(key);
  return new Problem('business-rule', `${expression ?? 'A reference'} refers to ${key}, which is not known here`, {
    ...(expression !== undefined && { expression: [expression] }),
  });
}

function unexpectedVersion(
  change: Planned | undefined,
  current: { version: number; deleted: boolean } | undefined,
): Problem {
  const key =
    change === undefined
      ? 'The resource'
      : change.kind === 'delete'
        ? `${change.key.type}/${change.key.id}`
        : `${change.drafted.draft.type}/${change.drafted.draft.id}`;
  const found =
    current === undefined ? 'has no version' : current.deleted ? 'was deleted' : `is at version ${current.version}`;
  switch (change?.expect.kind) {
    case 'version':
      return change.expect.version < 0
        ? new Problem('version-mismatch', `${key} ${found}, not at the one that If-Match states`)
        : new Problem('version-mismatch', `${key} ${found}, not at version ${change.expect.version}`);
    case 'present':
      return new Problem('version-mismatch', `${key} ${found}, and If-Match: * asks for one that is current`);
    default:
      return new Problem('conflict', `${key} exists already: it ${found}`);
  }
}
