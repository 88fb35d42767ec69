import { dateInterval } from '../../fhir/period.ts';
import { Problem } from '../../fhir/problem.ts';
import { isObject, type JsonObject } from '../../fhir/resource.ts';
import { textAt } from './read.ts';

/** The day of R4 4.0.1: what is bundled has been as it is since then. */
const PUBLISHED = '2019-10-30';

/**
 * Makes sure that a definition is as it was on a date: it was last changed on its own `date`, or where it has none when
 * it was stored. @throws Problem `not-supported` where it was changed later, or does not say.
 */
export const requireUnchangedSince = (resource: JsonObject, date: string, bundled = false): void => {
  const { meta } = resource;
  const stored = isObject(meta) ? textAt(meta, 'lastUpdated') : undefined;
  const changed = bundled ? PUBLISHED : (textAt(resource, 'date') ?? stored);
  const [then, last] = [dateInterval(date), changed === undefined ? undefined : dateInterval(changed)];
  if (then !== undefined && last !== undefined && last.high <= then.high) return;
  const name = `${String(resource['resourceType'])} '${textAt(resource, 'url') ?? 'given'}'`;
  const why = changed === undefined ? 'it does not tell when it was changed' : `it is known as of ${changed} alone`;
  throw new Problem('not-supported', `The ${name} cannot be taken as it was on ${date}: ${why}`, {
    expression: ['date'],
  });
};
