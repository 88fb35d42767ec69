import { dateInterval } from '../../src/fhir/period.ts';
import { operationOutcome, Problem } from '../../src/fhir/problem.ts';
import { isObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { writeJson } from '../../src/fhir/json.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import { bundlePieces, type EntryPieces } from '../../src/interactions/bundle-pieces.ts';
import { foundPages, storedResource } from '../../src/interactions/found-pages.ts';
import { operation } from '../../src/operation/operation.ts';
import { fold } from '../../src/search/fold.ts';
import { and, or, type Predicate } from '../../src/search/query.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import { definition } from './definition.ts';
import { matchScore, type Score } from './score.ts';

/** Candidates that are weighed, the newest first. */
const CANDIDATES = 1000;
const GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';

interface Match extends Score {
  readonly version: StoredVersion;
}

/** `Patient/$match`. */
export const match = operation(definition, async (call): Promise<Answer> => {
  const { input, world } = call;
  const asked = input.resource;
  if (asked.resourceType !== 'Patient')
    throw new Problem('invalid', `The resource is a ${asked.resourceType}; $match takes a Patient`, {
      expression: ['resource'],
    });
  const issues = world.validate(asked).filter(({ severity }) => severity === 'error');
  if (issues[0] !== undefined) throw new Problem('invalid', issues[0].diagnostics, { issues });
  if (input.count !== undefined && input.count < 0)
    throw new Problem('invalid', `count is ${input.count}; it must not be negative`, { expression: ['count'] });
  const where = candidatesOf(asked);
  if (where.kind === 'none')
    throw new Problem(
      'invalid',
      'The Patient has nothing to be found by: identifier, telecom, or name with birth date or given name',
      { expression: ['resource'] },
    );

  const matches: Match[] = [];
  let weighed = 0;
  for await (const page of foundPages(call, { types: ['Patient'], where, sort: [], count: 200, total: 'none' })) {
    for (const version of page) {
      const score = matchScore(asked, storedResource(version));
      if (score.grade !== 'certainly-not') matches.push({ version, ...score });
    }
    weighed += page.length;
    if (weighed >= CANDIDATES) break;
  }
  matches.sort((a, b) => b.score - a.score);
  const certain = matches.filter(({ grade }) => grade === 'certain');
  const chosen = input.onlyCertainMatches === true ? (certain.length === 1 ? certain : []) : matches;
  const given = chosen.slice(0, input.count ?? world.limits.pageSize);
  await recordAccess(call, {
    interaction: 'operation',
    entities: given.map(({ version }) => version),
    description: '$match',
  });
  const warning = input.onlyCertainMatches === true && certain.length > 1 ? several(certain.length) : undefined;
  return {
    status: 200,
    headers: {},
    body: bundlePieces(
      { type: 'searchset', base: world.base, id: world.newId(), at: world.now(), total: chosen.length },
      [...given.map(entryOf), ...(warning ? [warning] : [])],
    ),
  };
});

const entryOf = ({ version, score, grade }: Match): EntryPieces => ({
  at: version,
  resource: version.body,
  members: `"search":${JSON.stringify({ extension: [{ url: GRADE, valueCode: grade }], mode: 'match', score })}`,
});

const several = (count: number): EntryPieces => ({
  resource: Buffer.from(
    writeJson(
      operationOutcome([
        {
          severity: 'warning',
          code: 'multiple-matches',
          diagnostics: `${count} Patients match with certainty, so none is given`,
        },
      ]),
    ),
  ),
  members: '"search":{"mode":"outcome"}',
});

/** Who may be meant: the same identifier or contact, or the family name with the birth date or a given name. */
function candidatesOf(asked: Resource): Predicate {
  const objects = (member: string) => listOf(asked[member]).filter(isObject);
  const tokens = (param: string, member: string): readonly Predicate[] =>
    objects(member).flatMap(({ system, value }): readonly Predicate[] => {
      if (typeof value !== 'string') return [];
      const match = {
        by: 'code',
        code: value,
        ...(param === 'identifier' && typeof system === 'string' && { system }),
      } as const;
      return [{ kind: 'token', param, match }];
    });
  const text = (param: string, values: readonly unknown[]): Predicate =>
    or(
      ...values.flatMap((value): readonly Predicate[] => {
        const folded = typeof value === 'string' ? fold(value) : '';
        return folded === '' ? [] : [{ kind: 'string', param, match: 'starts', value: folded }];
      }),
    );
  const family = text(
    'family',
    objects('name').map((name) => name['family']),
  );
  const given = text(
    'given',
    objects('name').flatMap((name) => listOf(name['given'])),
  );
  const interval = typeof asked['birthDate'] === 'string' ? dateInterval(asked['birthDate']) : undefined;
  const born: Predicate = interval
    ? { kind: 'date', param: 'birthdate', range: { highAtLeast: interval.low, lowAtMost: interval.high } }
    : { kind: 'none' };
  return or(
    ...tokens('identifier', 'identifier'),
    ...tokens('telecom', 'telecom'),
    and(family, or(born, given)),
    and(born, given),
  );
}
