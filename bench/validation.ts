import { readFileSync } from 'node:fs';
import { isResource, type Resource } from '../src/fhir/resource.ts';
import { observation } from './observations.ts';
import { printHead, printRow } from './table.ts';
import { OURS, VALIDATORS, type Validator } from './validators.ts';

const VARIANTS = 200;
const WARM_SECONDS = 1;
const PROFILES = 'http://hl7.org/fhir/StructureDefinition';
const GOALS = { plain: '50,000', profiled: '10,000' } as const;

interface Subject {
  readonly name: string;
  readonly resource: Resource;
  /** A profile of R4 that slices, and a code without which one of its required slices is missing. */
  readonly profile: string;
  readonly sliced: string;
}

const read = (json: string): Resource => {
  const resource: unknown = JSON.parse(json);
  if (!isResource(resource)) throw new Error('the example holds no resource');
  return resource;
};

/** What is validated; claims of profiles are left out here and added for the rows that are about them. */
const subjects = (): readonly Subject[] => {
  const example = readFileSync('node_modules/hl7.fhir.r4.examples/Observation-blood-pressure.json', 'utf8');
  const { meta: _claims, ...pressure } = read(example);
  return [
    {
      name: 'heart rate',
      resource: read(JSON.stringify(observation({ patient: 'p1', serial: 1, nth: 0, value: 61 }))),
      profile: 'heartrate',
      sliced: '8867-4',
    },
    { name: 'official blood-pressure example', resource: pressure, profile: 'bp', sliced: '8480-6' },
  ];
};

const SLICE = 'missing slice';
const UNKNOWN = 'unknown element';
/** Each must be refused by ours; `SLICE` where the profile is claimed, and there alone. */
const spoilt = (resource: Resource, sliced: string): readonly (readonly [what: string, Resource])[] => [
  [UNKNOWN, { ...resource, heartRate: 61 }],
  ['code outside a required binding', { ...resource, status: 'finished' }],
  ['broken invariant (obs-3)', { ...resource, referenceRange: [{ appliesTo: [{ text: 'adults' }] }] }],
  [SLICE, read(JSON.stringify(resource).replaceAll(sliced, '0000-0'))],
];

/** Observations validated a second on this thread, parsed already, beside what each validator lets pass. */
export async function printValidation(seconds: number): Promise<void> {
  printHead(
    'Validation of Observations, one thread, parsed already',
    'validator',
    'resource',
    'profile claimed',
    '#per second',
    '#goal',
    'spoilt copies it lets pass',
  );
  for (const subject of subjects())
    for (const isProfiled of [false, true])
      for (const validator of VALIDATORS) {
        const cells = await measured(validator, subject, isProfiled, seconds);
        if (cells) printRow(validator.name, subject.name, isProfiled ? `${subject.profile}, slices` : '', ...cells);
      }
}

/** Rate, goal and what passes; undefined where the validator knows no profiles. @throws where ours errs, or another checks nothing. */
async function measured(validator: Validator, subject: Subject, isProfiled: boolean, seconds: number) {
  const canonical = isProfiled ? `${PROFILES}/${subject.profile}` : undefined;
  const prepared = await validator.prepare(canonical);
  if (!prepared) return undefined;
  const valid = isProfiled ? { ...subject.resource, meta: { profile: [canonical ?? ''] } } : subject.resource;
  const parsed = (resource: Resource): unknown => prepared.parse(JSON.stringify(resource));
  if (!prepared.accepts(parsed(valid))) {
    if (validator === OURS) throw new Error(`ours refuses ${subject.name}, which is valid`);
    return ['', '', 'refuses the valid one'];
  }
  const passed = spoilt(valid, subject.sliced).flatMap(([what, it]) => (prepared.accepts(parsed(it)) ? [what] : []));
  // Without a profile there is no slice to miss.
  if (!isProfiled && !passed.includes(SLICE)) throw new Error(`${validator.name} misses a slice that nothing asks for`);
  const wrongly = passed.filter((what) => isProfiled || what !== SLICE).join(', ');
  if (validator === OURS && wrongly !== '') throw new Error(`ours lets pass: ${wrongly}`);
  if (passed.includes(UNKNOWN)) throw new Error(`${validator.name} lets an ${UNKNOWN} pass: it checks nothing`);
  const variants = Array.from({ length: VARIANTS }, (_, n) =>
    parsed({ ...valid, id: `o${n}`, issued: `2026-03-01T08:00:00.${100 + n}Z` }),
  );
  rate(prepared.accepts, variants, Math.min(WARM_SECONDS, seconds));
  const goal = validator === OURS ? GOALS[isProfiled ? 'profiled' : 'plain'] : '';
  return [rate(prepared.accepts, variants, seconds), goal, wrongly || 'none'];
}

/** Validations a second. @throws where one of the resources, all of them valid, is refused. */
function rate(accepts: (resource: unknown) => boolean, valid: readonly unknown[], seconds: number): number {
  const begun = performance.now();
  let done = 0;
  let now = begun;
  for (; now < begun + seconds * 1000; now = performance.now()) {
    const resource = valid[done++ % valid.length];
    if (!accepts(resource)) throw new Error(`a valid resource was refused: ${JSON.stringify(resource).slice(0, 300)}`);
  }
  return (done / (now - begun)) * 1000;
}
