import { Problem } from '../../src/fhir/problem.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import { bundlePieces } from '../../src/interactions/bundle-pieces.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { scopedPage, scopesOf } from '../../src/interactions/search-scope.ts';
import { withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { type OperationCall, operationReading } from '../../src/operation/operation.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { parseSearch } from '../../src/search/parse.ts';
import { and, or, type Predicate, type Query } from '../../src/search/query.ts';
import { type Asked, lastNAsked } from './asked.ts';
import { definition } from './definition.ts';
import { Groups } from './groups.ts';

const PAGE = 200;
/** From here on, codes that are full are left out of the query; until then all are read, so that codes are joined exactly. */
const EXACT = 2000;
const MOST = 20_000;

/** `Observation/$lastn`. */
export const lastn = operationReading(definition, lastNAsked, async (call): Promise<Answer> => {
  const { world, input } = call;
  const groups = new Groups(input.max, world.base);
  const query: Query = {
    ...(await queryOf(call)),
    sort: [{ param: 'date', kind: 'date', descending: true }],
    count: PAGE,
    total: 'none',
  };
  let position: Query['cursor'];
  for (let read = 0; ; read += PAGE) {
    if (read >= MOST)
      throw new Problem(
        'too-costly',
        `More than ${MOST} Observations would have to be read; narrow by code, category or date`,
        {
          expression: ['code'],
        },
      );
    const left = { ...query, where: and(query.where, read < EXACT ? { kind: 'all' } : without(groups, world.base)) };
    const page = await scopedPage(call, position ? { ...left, cursor: position } : left, scopesOf(call, left));
    for (const version of page.matches) groups.add(version, storedResource(version));
    if (page.next === undefined) break;
    position = { direction: 'next', position: page.next };
  }
  const { versions } = groups;
  await recordAccess(call, { interaction: 'operation', entities: versions, description: '$lastn' });
  return {
    status: 200,
    headers: {},
    body: bundlePieces(
      { type: 'searchset', base: world.base, id: world.newId(), at: world.now(), total: versions.length },
      versions.map((version) => ({
        at: version,
        resource: version.body,
        members: '"search":{"mode":"match"}',
      })),
    ),
  };
});

async function queryOf(call: OperationCall<Asked>): Promise<Pick<Query, 'types' | 'where'>> {
  const { world, input, preferences } = call;
  const options = {
    base: world.base,
    now: world.now(),
    handling: preferences.handling,
    maxCount: PAGE,
    defaultCount: PAGE,
  };
  const { query } = await withStoredDefinitions(call, (terminology) =>
    parseSearch(world.registry, ['Observation'], input.criteria, { ...options, terminology }),
  );
  return query;
}

function without({ fullCodings }: Groups, base: string): Predicate {
  const full = fullCodings.flatMap(({ subject, system, code }): readonly Predicate[] => {
    const target = parseReference(subject, base);
    if (target?.kind !== 'local') return [];
    const { type, id } = target;
    return [
      and(
        { kind: 'token', param: 'code', match: { by: 'code', system, code } },
        { kind: 'reference', param: 'subject', target: { by: 'local', type, id } },
      ),
    ];
  });
  return full.length === 0 ? { kind: 'all' } : { kind: 'not', of: or(...full) };
}
