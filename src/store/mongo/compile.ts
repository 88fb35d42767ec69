import type { Predicate, ReferencePredicate, TokenPredicate } from '../../search/query.ts';
import { componentFilter } from './composite-filter.ts';
import { type Compiled, type Filter, NOTHING, oneOf } from './filter.ts';
import { forms, type Hash } from './hashes.ts';
import { nearFilter } from './near-filter.ts';
import { highBounds, lowBounds } from './ranges.ts';
import { MAIN_DATE } from './search-fields.ts';
import { recognisedBy, tokenText } from './token-filters.ts';
import { dateEntry, numberEntry, stringEntry, uriEntry } from './value-filters.ts';

type Recognisable = TokenPredicate | ReferencePredicate;

const recognisable = (p: Predicate): p is Recognisable =>
  p.kind === 'reference' || (p.kind === 'token' && p.match.by !== 'text');

/** Alternatives of one parameter gathered, so that ten thousand codes become one list and not ten thousand branches. */
function compileOr(hash: Hash, type: string, of: readonly Predicate[]): Compiled {
  const lists = new Map<string, Recognisable[]>();
  const ids: string[] = [];
  const branches: Filter[] = [];
  for (const p of of) {
    if (recognisable(p)) {
      const name = `${p.kind} ${p.param}`;
      lists.set(name, [...(lists.get(name) ?? []), p]);
    } else if (p.kind === 'id') ids.push(...p.ids);
    else branches.push(compile(hash, type, p).filter);
  }
  const gathered = [...lists.values()].map((list) => recognisedBy(hash, type, list));
  const [only] = gathered;
  if (only && gathered.length === 1 && ids.length === 0 && branches.length === 0) return only;
  const filters = gathered.flatMap((c) => (c ? [reachable(c)] : []));
  if (ids.length > 0) filters.push(compile(hash, type, { kind: 'id', ids }).filter);
  filters.push(...branches);
  const [first] = filters;
  return { filter: filters.length === 0 ? NOTHING : filters.length === 1 && first ? first : { $or: filters } };
}

/** Within an alternative the way to the index must stand beside the test. */
const reachable = (c: Compiled): Filter => (c.keys ? { ...c.filter, key: oneOf(c.keys.values) } : c.filter);

/** The predicate as a condition on current resources of the type; chains, `_has` and texts must be resolved before. */
export function compile(hash: Hash, type: string, predicate: Predicate): Compiled {
  switch (predicate.kind) {
    case 'all':
      return { filter: {} };
    case 'none':
      return { filter: NOTHING };
    case 'and':
      return { filter: { $and: predicate.of.map((p) => compile(hash, type, p).filter) } };
    case 'or':
      return compileOr(hash, type, predicate.of);
    case 'not':
      return { filter: { $nor: [compile(hash, type, predicate.of).filter] } };
    case 'id':
      return { filter: { _id: { $in: predicate.ids.map((id) => `${type}/${id}`) } } };
    case 'lastUpdated': {
      const at = { ...lowBounds(predicate.range), ...highBounds(predicate.range) };
      return { filter: Object.keys(at).length === 0 ? {} : { at } };
    }
    case 'missing': {
      const present = hash(forms.present(predicate.param, predicate.of));
      return { filter: { full: predicate.missing ? { $ne: present } : present } };
    }
    case 'token':
    case 'reference': {
      if (predicate.kind === 'token' && predicate.match.by === 'text')
        return { filter: tokenText(hash, type, predicate.param, predicate.match.folded) };
      return recognisedBy(hash, type, [predicate]) ?? { filter: NOTHING };
    }
    case 'string':
      return { filter: { str: { $elemMatch: stringEntry(hash, type, predicate) } } };
    case 'uri':
      return { filter: { str: { $elemMatch: uriEntry(hash, type, predicate) } } };
    case 'date': {
      const filter: Filter = { dat: { $elemMatch: dateEntry(hash, type, predicate) } };
      return predicate.param === MAIN_DATE ? { filter, mainDate: predicate.range } : { filter };
    }
    case 'number':
    case 'quantity':
      return { filter: { num: { $elemMatch: numberEntry(hash, type, predicate) } } };
    case 'composite': {
      const p = hash(forms.values(type, predicate.param));
      const of = predicate.components.map((c) => componentFilter(hash, type, c));
      const codes = predicate.components.find((c) => c.kind === 'token' && c.match.by === 'code');
      const start = codes && compile(hash, type, codes).keys;
      return { filter: { grp: { $elemMatch: { p, $and: of } } }, ...(start && { keys: start }) };
    }
    case 'near':
      return { filter: nearFilter(hash, type, predicate) };
    case 'fulltext':
    case 'chain':
    case 'has':
      throw new Error(`${predicate.kind} must be resolved before compiling`);
    default:
      return predicate satisfies never;
  }
}

/** The members of the conjunction, each compiled. */
export const compileEach = (hash: Hash, type: string, predicate: Predicate): Compiled[] =>
  (predicate.kind === 'and' ? predicate.of : [predicate]).map((p) => compile(hash, type, p));
