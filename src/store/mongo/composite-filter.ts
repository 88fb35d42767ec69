import type { Predicate } from '../../search/query.ts';
import type { Hash } from './hashes.ts';
import { recognisedFull } from './token-filters.ts';
import { dateEntry, type EntryFilter, numberEntry, stringEntry, textEntry, uriEntry } from './value-filters.ts';

const place = (param: string): string => `c.${param.slice(param.lastIndexOf('$') + 1)}`;

/** A condition on one group entry of a composite parameter. */
export function componentFilter(hash: Hash, type: string, predicate: Predicate): EntryFilter {
  switch (predicate.kind) {
    case 'all':
      return {};
    case 'and':
      return { $and: predicate.of.map((p) => componentFilter(hash, type, p)) };
    case 'or':
      return { $or: predicate.of.map((p) => componentFilter(hash, type, p)) };
    case 'not':
      return { $nor: [componentFilter(hash, type, predicate.of)] };
    case 'token': {
      const { param, match } = predicate;
      if (match.by === 'text')
        return { [`${place(param)}.str`]: { $elemMatch: textEntry(hash, type, param, match.folded) } };
      return { [`${place(param)}.full`]: recognisedFull(hash, type, predicate) };
    }
    case 'reference':
      return { [`${place(predicate.param)}.full`]: recognisedFull(hash, type, predicate) };
    case 'string':
      return { [`${place(predicate.param)}.str`]: { $elemMatch: stringEntry(hash, type, predicate) } };
    case 'uri':
      return { [`${place(predicate.param)}.str`]: { $elemMatch: uriEntry(hash, type, predicate) } };
    case 'date':
      return { [`${place(predicate.param)}.dat`]: { $elemMatch: dateEntry(hash, type, predicate) } };
    case 'number':
    case 'quantity':
      return { [`${place(predicate.param)}.num`]: { $elemMatch: numberEntry(hash, type, predicate) } };
    case 'none':
    case 'id':
    case 'lastUpdated':
    case 'missing':
    case 'composite':
    case 'fulltext':
    case 'near':
    case 'chain':
    case 'has':
      throw new Error(`a composite parameter has no component of kind ${predicate.kind}`);
    default:
      return predicate satisfies never;
  }
}
