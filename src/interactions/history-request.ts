import { Problem } from '../fhir/problem.ts';
import { dateInterval } from '../fhir/period.ts';
import type { HistoryQuery } from '../store/store.ts';
import type { Call } from './context.ts';
import { refuseUnknownParameters } from './plain-parameters.ts';

export interface HistoryRequest {
  readonly query: Pick<HistoryQuery, 'since' | 'at' | 'count'>;
  /** The List whose items alone are asked for. */
  readonly list?: string | undefined;
  /** The `_page` of the link followed. */
  readonly page?: string | undefined;
  /** All parameters that were understood but `_page`, for links. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Neither `_since` nor `_at` nor `_list` nor a page: an empty answer means that nothing was ever there. */
  readonly unbounded: boolean;
}

/** Parameters of a history; those from `_summary` on are of every interaction (http.html#parameters). */
export const HISTORY_PARAMETERS = [
  '_since',
  '_at',
  '_list',
  '_count',
  '_sort',
  '_page',
  '_summary',
  '_elements',
  '_format',
  '_pretty',
] as const;

const isHistoryParameter = (name: string): boolean => HISTORY_PARAMETERS.some((it) => it === name);

/** The parameters of a history (http.html#history). Throws Problem `unknown-parameter` or `invalid`. */
export function historyRequest(call: Call): HistoryRequest {
  const { pageSize, maxPageSize } = call.world.limits;
  let since: number | undefined;
  let at: HistoryQuery['at'];
  let count = pageSize;
  let list: string | undefined;
  let page: string | undefined;
  refuseUnknownParameters(call.request, 'a history', HISTORY_PARAMETERS);
  for (const [name, value] of call.request.query) {
    const known = HISTORY_PARAMETERS.find((it) => it === name);
    switch (known) {
      case '_since':
        since = instant(name, value).low;
        break;
      case '_at':
        at = instant(name, value);
        break;
      case '_list':
        list = value;
        break;
      case '_count':
        count = Math.min(positive(value), maxPageSize);
        break;
      case '_sort':
        requireNewestFirst(value);
        break;
      case '_page':
        page = value;
        break;
      case '_summary':
      case '_elements':
      case '_format':
      case '_pretty':
        break;
      case undefined:
        break;
      default:
        known satisfies never;
    }
  }
  return {
    query: { count, ...(since !== undefined && { since }), ...(at && { at }) },
    list,
    page,
    pairs: call.request.query.filter(([name]) => name !== '_page' && isHistoryParameter(name)),
    unbounded: since === undefined && at === undefined && list === undefined && page === undefined,
  };
}

function instant(name: string, value: string): { low: number; high: number } {
  // A `+` of a time zone arrives as a space where the client did not encode it.
  const interval = dateInterval(value.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (interval === undefined)
    throw new Problem('invalid', `${name}=${value} is not an instant such as 2026-01-31T12:00:00Z`);
  return interval;
}

function positive(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Problem('invalid', `_count=${value} is not a whole number above 0`);
}

function requireNewestFirst(value: string): void {
  if (value === '-_lastUpdated') return;
  throw new Problem('not-supported', `_sort=${value}: a history is sorted newest first (-_lastUpdated) alone`);
}
