import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { fold } from '../../src/search/fold.ts';

/** Code of valueset-match-grade.html; below possible nothing is given back. */
export type Grade = 'certain' | 'probable' | 'possible' | 'certainly-not';
export interface Score {
  /** 0 to 1. */
  readonly score: number;
  readonly grade: Grade;
}

/**
 * Evidence in the manner of Fellegi and Sunter (1969): what agrees adds weight, what both state and disagrees takes it
 * away, what one does not state says nothing. The weights are judgement, not estimates from a population.
 */
const WEIGHTS = {
  identifier: { agree: 8, disagree: -4 },
  family: { agree: 3, disagree: -3 },
  given: { agree: 2, disagree: -2, alike: 1 },
  birthDate: { agree: 4, disagree: -4, alike: 1.5 },
  gender: { agree: 0.5, disagree: -2 },
  telecom: { agree: 2, disagree: 0 },
  postalCode: { agree: 1, disagree: 0 },
} as const;
/** Weight at which a match is as likely as not. */
const EVEN = 6;

/** How sure it is that two Patients are one person. */
export function matchScore(asked: Resource, candidate: Resource): Score {
  const identifier = identifiers(asked, candidate);
  const evidence =
    identifier +
    family(asked, candidate) +
    given(asked, candidate) +
    birthDate(asked['birthDate'], candidate['birthDate']) +
    stated(WEIGHTS.gender, asked['gender'], candidate['gender']) +
    common(WEIGHTS.telecom, telecoms(asked), telecoms(candidate)) +
    common(WEIGHTS.postalCode, postalCodes(asked), postalCodes(candidate));
  const score = 1 / (1 + Math.exp(EVEN - evidence));
  return { score: Number(score.toFixed(4)), grade: gradeOf(score, identifier > 0) };
}

/** Names and a birth date are shared by different people: without an identifier nothing is certain. */
function gradeOf(score: number, identified: boolean): Grade {
  if (score >= 0.95 && identified) return 'certain';
  if (score >= 0.8) return 'probable';
  return score >= 0.5 ? 'possible' : 'certainly-not';
}

const objects = (resource: Resource, member: string): readonly JsonObject[] =>
  listOf(resource[member]).filter(isObject);
const texts = (value: JsonObject[string]): readonly string[] =>
  listOf(value).filter((item) => typeof item === 'string');
const stated = ({ agree, disagree }: { agree: number; disagree: number }, a: unknown, b: unknown): number =>
  a === undefined || b === undefined ? 0 : a === b ? agree : disagree;

function identifiers(asked: Resource, candidate: Resource): number {
  const theirs = objects(candidate, 'identifier');
  const mine = objects(asked, 'identifier').filter(({ value }) => value !== undefined);
  const same = (a: JsonObject, b: JsonObject) => a['system'] === b['system'] && a['value'] === b['value'];
  if (mine.some((one) => theirs.some((other) => same(one, other)))) return WEIGHTS.identifier.agree;
  const rival = mine.some(({ system }) => system !== undefined && theirs.some((other) => other['system'] === system));
  return rival ? WEIGHTS.identifier.disagree : 0;
}

const families = (patient: Resource) =>
  objects(patient, 'name').flatMap(({ family }) => (typeof family === 'string' ? [fold(family)] : []));
const givens = (patient: Resource) => objects(patient, 'name').flatMap((name) => texts(name['given']).map(fold));

const common = (
  { agree, disagree }: { agree: number; disagree: number },
  a: readonly string[],
  b: readonly string[],
): number => (a.length === 0 || b.length === 0 ? 0 : a.some((one) => b.includes(one)) ? agree : disagree);

const family = (a: Resource, b: Resource): number => common(WEIGHTS.family, families(a), families(b));

/** Initials and short forms speak for a match, though less. */
function given(asked: Resource, candidate: Resource): number {
  const [mine, theirs] = [givens(asked), givens(candidate)];
  const exact = common(WEIGHTS.given, mine, theirs);
  const alike = mine.some((one) => theirs.some((other) => one.startsWith(other) || other.startsWith(one)));
  return exact < 0 && alike ? WEIGHTS.given.alike : exact;
}

/** A date of less precision, or with day and month confused, speaks for a match, though less. */
function birthDate(a: unknown, b: unknown): number {
  if (typeof a !== 'string' || typeof b !== 'string') return 0;
  if (a === b) return WEIGHTS.birthDate.agree;
  const confused = a.length === 10 && `${a.slice(0, 4)}-${a.slice(8)}-${a.slice(5, 7)}` === b;
  return confused || a.startsWith(b) || b.startsWith(a) ? WEIGHTS.birthDate.alike : WEIGHTS.birthDate.disagree;
}

/** Phone numbers are compared by their last nine digits: country and area prefixes are written in many ways. */
const telecoms = (patient: Resource): readonly string[] =>
  objects(patient, 'telecom').flatMap(({ system, value }) => {
    if (typeof value !== 'string') return [];
    return system === 'email'
      ? [value.toLowerCase()]
      : [value.replace(/\D/g, '').slice(-9)].filter((digits) => digits.length > 5);
  });
const postalCodes = (patient: Resource): readonly string[] =>
  objects(patient, 'address').flatMap(({ postalCode }) => (typeof postalCode === 'string' ? [fold(postalCode)] : []));
