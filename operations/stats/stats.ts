import { EARLIEST, instantText, LATEST, periodInterval } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { recordAccess } from '../../src/interactions/audit-record.ts';
import { foundPages, storedResource } from '../../src/interactions/found-pages.ts';
import { type InputOf, operation, type OperationCall } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { and, or, type Predicate } from '../../src/search/query.ts';
import { counts } from '../../src/series/recorded.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import { type Code, type Collected, Collection } from './collect.ts';
import { definition } from './definition.ts';
import { STATISTICS } from './statistics.ts';

type Stats = OperationCall<InputOf<typeof definition>>;
const MOST = 50_000;
const SYSTEM = 'http://terminology.hl7.org/CodeSystem/observation-statistics';
/** The page of the operation writes them so; the code system does not. */
const SHORT: Readonly<Record<string, string>> = { max: 'maximum', min: 'minimum' };

/** `Observation/$stats`. */
export const stats = operation(definition, async (call) => {
  const { input, world } = call;
  const wanted = [...new Set(input.statistic.map((code) => SHORT[code] ?? code))];
  const unknown = wanted.find((code) => !Object.hasOwn(STATISTICS, code));
  if (unknown !== undefined)
    throw new Problem('invalid', `'${unknown}' is no statistic; there are ${Object.keys(STATISTICS).join(', ')}`, {
      expression: ['statistic'],
    });
  const codes = codesOf(input);
  const time = timeOf(input, world.now());
  const subject = subjectOf(call);
  const collection = new Collection();
  const sources: StoredVersion[] = [];
  const seen = new Set<string>();
  const collect = async (where: Predicate, these: readonly Code[]): Promise<readonly string[]> => {
    const members: string[] = [];
    const query = {
      types: ['Observation'],
      where: and(subject, where),
      sort: [{ param: 'date', kind: 'date', descending: true }],
      count: 500,
      total: 'none',
    } as const;
    for await (const page of foundPages(call, query))
      for (const version of page) {
        if (seen.has(version.id)) continue;
        seen.add(version.id);
        const observation = storedResource(version);
        members.push(...membersOf(observation, world.base));
        if (counts(observation) && collection.take(observation, these.length > 0 ? these : ownCodes(observation)))
          sources.push(version);
        if (sources.length > MOST)
          throw new Problem(
            'too-costly',
            `More than ${MOST} Observations would have to be counted; state a shorter period`,
            { expression: ['period'] },
          );
      }
    return members;
  };
  const members = await collect(and(inTime(time), or(...codes.map(coded))), codes);
  if (members.length > 0) await collect(and(inTime(time), { kind: 'id', ids: [...new Set(members)] }), []);

  await recordAccess(call, { interaction: 'operation', entities: sources, description: '$stats' });
  return outputAnswer(definition, {
    statistics: collection.groups.map((group) => summary(group, wanted, input.subject, time)),
    source: input.include === true ? sources.slice(0, input.limit ?? 100).map(storedResource) : [],
  });
});

function codesOf({ code, system, coding }: Stats['input']): readonly Code[] {
  if (code.length > 0 && system === undefined)
    throw new Problem('invalid', "'code' needs 'system'", { expression: ['system'] });
  const codes = [
    ...code.map((one) => ({ system, code: one })),
    ...coding.filter(isObject).map((one) => ({
      system: typeof one['system'] === 'string' ? one['system'] : undefined,
      code: String(one['code'] ?? ''),
    })),
  ];
  if (codes.length === 0) throw new Problem('invalid', "$stats needs 'code' or 'coding'", { expression: ['code'] });
  return codes;
}

function subjectOf({ input, world }: Stats): Predicate {
  const parsed = parseReference(input.subject, world.base);
  if (parsed?.kind !== 'local')
    throw new Problem(
      'invalid',
      `'${input.subject}' is no reference to a resource of this server, such as Patient/123`,
      { expression: ['subject'] },
    );
  return { kind: 'reference', param: 'subject', target: { by: 'local', type: parsed.type, id: parsed.id } };
}

interface Time {
  readonly low: number;
  readonly high: number;
}
function timeOf({ duration, period }: Stats['input'], now: number): Time {
  if (duration !== undefined) {
    if (duration <= 0 || duration > 24 * 366 * 150)
      throw new Problem('invalid', `duration=${duration} is no number of hours`, { expression: ['duration'] });
    return { low: now - duration * 3_600_000, high: now };
  }
  if (period === undefined) return { low: EARLIEST, high: LATEST };
  const interval = isObject(period) ? periodInterval(period) : undefined;
  if (interval === undefined)
    throw new Problem('invalid', 'The period has no valid start or end', { expression: ['period'] });
  return interval;
}

const inTime = ({ low, high }: Time): Predicate =>
  low === EARLIEST && high === LATEST
    ? { kind: 'all' }
    : { kind: 'date', param: 'date', range: { highAtLeast: low, lowAtMost: high } };

const coded = ({ system, code }: Code): Predicate => ({
  kind: 'token',
  param: 'combo-code',
  match: { by: 'code', code, ...(system !== undefined && { system }) },
});

function membersOf(observation: Resource, base: string): readonly string[] {
  return listOf(observation['hasMember']).flatMap((member) => {
    const text = isObject(member) ? member['reference'] : undefined;
    const parsed = typeof text === 'string' ? parseReference(text, base) : undefined;
    return parsed?.kind === 'local' && parsed.type === 'Observation' ? [parsed.id] : [];
  });
}

const ownCodes = (observation: Resource): readonly Code[] =>
  (isObject(observation['code']) ? listOf(observation['code']['coding']) : [])
    .filter(isObject)
    .map(({ system, code }) => ({
      system: typeof system === 'string' ? system : undefined,
      code: String(code),
    }));

/** An Observation with one component for each statistic that can be said of what was collected. */
function summary(
  { concept, unit, samples, total }: Collected,
  wanted: readonly string[],
  subject: string,
  time: Time,
): JsonObject {
  const hours = samples.flatMap((sample) => sample.hours ?? []);
  const low = time.low === EARLIEST ? Math.min(...hours) * 3_600_000 : time.low;
  const high = time.high === LATEST ? Math.max(...hours) * 3_600_000 : time.high;
  return {
    resourceType: 'Observation',
    status: 'final',
    code: concept,
    subject: { reference: subject },
    ...(Number.isFinite(low) &&
      Number.isFinite(high) && { effectivePeriod: { start: instantText(low), end: instantText(high) } }),
    component: wanted.flatMap((code) => component(code, unit, STATISTICS[code]?.of(samples, total) ?? Number.NaN)),
  };
}

const NOT_ENOUGH = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'not-a-number',
      display: 'Not a Number (NaN)',
    },
  ],
};

function component(code: string, unit: JsonObject, value: number): readonly JsonObject[] {
  const statistic = STATISTICS[code];
  if (statistic === undefined) return [];
  const head = { code: { coding: [{ system: SYSTEM, code, display: statistic.display }] } };
  if (!Number.isFinite(value)) return [{ ...head, dataAbsentReason: NOT_ENOUGH }];
  const rounded = Number(value.toPrecision(12));
  return [{ ...head, valueQuantity: { value: rounded, ...unitOf(statistic.in, unit) } }];
}

function unitOf(kind: 'unit' | 'square' | 'number' | 'per-hour', unit: JsonObject): JsonObject {
  if (kind === 'unit') return unit;
  if (kind === 'number') return { unit: '1', system: 'http://unitsofmeasure.org', code: '1' };
  const text = String(unit['unit'] ?? unit['code'] ?? '1');
  return { unit: kind === 'square' ? `(${text})²` : `${text} per hour` };
}
