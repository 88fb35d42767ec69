import { Problem } from '../../src/fhir/problem.ts';
import { dateInterval } from '../../src/fhir/period.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import { bundlePieces, type Link } from '../../src/interactions/bundle-pieces.ts';
import type { Call } from '../../src/interactions/context.ts';
import { queryText } from '../../src/interactions/request.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { scopedPage, scopesOf } from '../../src/interactions/search-scope.ts';
import { shownBody, subsetOf } from '../../src/interactions/subset.ts';
import { readable } from '../../src/interactions/visible.ts';
import { operation } from '../../src/operation/operation.ts';
import { inPatientCompartment as ofPatient } from '../../src/search/compartment.ts';
import { COMPARTMENT } from '../../src/search/index-values.ts';
import { openCursor, sealCursor } from '../../src/search/page-cursor.ts';
import { and, type Predicate, type Query } from '../../src/search/query.ts';
import { careBetween } from './care-date.ts';
import { definition } from './definition.ts';
import { referenced } from './referenced.ts';

/** `Patient/[id]/$everything` and `Patient/$everything`. */
export const everything = operation(
  definition,
  async (call): Promise<Answer> => {
    const { target, input, world } = call;
    const id = target.level === 'instance' ? target.key.id : undefined;
    if (target.level === 'instance') await readable(call, target.key);
    const ofPatients = id === undefined ? ofEveryPatient(call) : (type: string) => ofPatient(world.registry, type, id);
    const { pageSize, maxPageSize } = world.limits;
    const since = sinceOf(input._since);
    const types = typesOf(call, input._type);
    const query: Query = {
      types: types.inside,
      where: since,
      sort: [],
      count: Math.min(input._count ?? pageSize, maxPageSize),
      total: 'none',
    };
    const wanted = subsetOf(world.registry, call.request, [...types.inside, ...types.outside]);
    const inTime = careBetween(world.registry, input.start, input.end);
    const scopes = scopesOf(call, query, (type) => and(ofPatients(type), inTime(type)));
    const bound: Query = { ...query, where: { kind: 'or', of: scopes.map(({ where }) => where) } };
    const cursor = input._page === undefined ? {} : { cursor: openCursor(world.pageKey, bound, input._page) };
    const page = await scopedPage(call, { ...query, ...cursor }, scopes);
    const included = await referenced(call, page.matches, types.outside, since);
    const given = [...page.matches, ...included];
    await recordAccess(call, { interaction: 'operation', entities: given, description: '$everything' });
    const next = page.next && sealCursor(world.pageKey, bound, { direction: 'next', position: page.next });
    return {
      status: 200,
      headers: {},
      body: bundlePieces(
        {
          type: 'searchset',
          base: world.base,
          id: world.newId(),
          at: world.now(),
          links: linksOf(call, `Patient${id === undefined ? '' : `/${id}`}/$everything`, input, next),
        },
        given.map((version, at) => ({
          at: version,
          resource: shownBody(world.registry, version.body, wanted),
          members: `"search":{"mode":"${at < page.matches.length ? 'match' : 'include'}"}`,
        })),
      ),
    };
  },
  { cutsDown: true },
);

/** What is in the compartment of a Patient that the caller may read: of any, or of those that its scopes leave. */
function ofEveryPatient({ caller }: Call): (type: string) => Predicate {
  const where = permitted(caller, 'r', 'Patient');
  const member: Predicate =
    where.kind === 'all'
      ? { kind: 'missing', param: COMPARTMENT, of: 'reference', missing: false }
      : { kind: 'chain', param: COMPARTMENT, type: 'Patient', where };
  return (type) => (type === 'Patient' ? where : member);
}

interface Types {
  /** Of the compartment. */
  readonly inside: readonly string[];
  /** Others, given where what is inside refers to them. */
  readonly outside: readonly string[];
}

/** The types of the compartment that the caller may search and all others, or those it names. */
function typesOf({ world, caller }: Call, named: readonly string[]): Types {
  const { registry } = world;
  const isInside = (type: string): boolean => registry.patientCompartment(type).length > 0;
  const types =
    named.length === 0
      ? registry.resourceTypes.filter((type) => !isInside(type) || caller.permit.decide('s', type).allowed)
      : [...new Set(named.flatMap((list) => list.split(',')).map((type) => type.trim()))];
  const unknown = types.find((type) => !registry.isResourceType(type));
  if (unknown !== undefined)
    throw new Problem('invalid', `_type: ${unknown} is no resource type`, { expression: ['_type'] });
  const [inside, outside] = [types.filter(isInside), types.filter((type) => !isInside(type))];
  if (inside.length > 0 || named.length === 0) return { inside, outside };
  throw new Problem(
    'invalid',
    `_type: ${outside.join()} is given where the Patient compartment refers to it; name a type of that too`,
    {
      expression: ['_type'],
    },
  );
}

function sinceOf(since: string | undefined): Predicate {
  const interval = since === undefined ? undefined : dateInterval(since);
  return interval === undefined ? { kind: 'all' } : { kind: 'lastUpdated', range: { lowAtLeast: interval.low } };
}

const GENERAL = ['_format', '_pretty', '_summary', '_elements'];

function linksOf(
  call: Call,
  path: string,
  input: Readonly<Record<string, unknown>>,
  next: string | undefined,
): readonly Link[] {
  const pairs = Object.entries(input).flatMap(([name, value]): (readonly [string, string])[] =>
    value === undefined || name === '_page' || (Array.isArray(value) && value.length === 0)
      ? []
      : [[name, String(value)]],
  );
  // The form of the first page is that of the next.
  pairs.push(...call.request.query.filter(([name]) => GENERAL.includes(name)));
  const link = (relation: Link['relation'], page?: unknown): Link => {
    const text = queryText(typeof page === 'string' ? [...pairs, ['_page', page]] : pairs);
    return { relation, url: `${call.world.base}/${path}${text === '' ? '' : `?${text}`}` };
  };
  return [link('self', input['_page']), ...(next === undefined ? [] : [link('next', next)])];
}
