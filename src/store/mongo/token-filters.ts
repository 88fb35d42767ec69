import type { ReferencePredicate, TokenPredicate } from '../../search/query.ts';
import { type Compiled, type Filter, oneOf } from './filter.ts';
import { forms, type Hash } from './hashes.ts';
import { BELOW_PATIENT } from './search-fields.ts';
import { textEntry } from './value-filters.ts';

const IDENTIFYING = 1;
const REFERRING = 2;
const CODED = 3;

/** The hashed forms by which a token or reference is recognised; `full` is exact by itself. */
interface Recognised {
  readonly full: number;
  readonly key?: number;
  readonly rank: number;
}

function recognisedToken(hash: Hash, type: string, { param, match }: TokenPredicate): Recognised | undefined {
  const rank = param === 'identifier' ? IDENTIFYING : CODED;
  if (match.by === 'text') return undefined;
  if (match.by === 'of-type') {
    const key = hash(forms.ofType(type, param, match.code, match.value));
    if (match.system === undefined) return { full: key, key, rank: IDENTIFYING };
    return { full: hash(forms.ofTypeSystem(param, match.system, match.code, match.value)), key, rank: IDENTIFYING };
  }
  const { system, code } = match;
  if (code === undefined) {
    if (system !== undefined) return { full: hash(forms.system(param, system)), rank };
    return { full: hash(forms.present(param, 'token')), rank };
  }
  const key = hash(forms.code(type, param, code));
  return { full: system === undefined ? key : hash(forms.systemCode(param, system, code)), key, rank };
}

function recognisedReference(hash: Hash, type: string, { param, target }: ReferencePredicate): Recognised {
  switch (target.by) {
    case 'local': {
      const byId = hash(forms.referenceId(type, param, target.id));
      // A patient is reached by its own paths, and an unknown target may be one.
      const key = target.type === undefined || target.type === 'Patient' ? {} : { key: byId };
      if (target.version !== undefined)
        return {
          full: hash(forms.referenceVersion(param, target.type ?? null, target.id, target.version)),
          ...key,
          rank: REFERRING,
        };
      const full = target.type === undefined ? byId : hash(forms.reference(param, target.type, target.id));
      return { full, ...key, rank: REFERRING };
    }
    case 'type':
      return { full: hash(forms.referenceType(param, target.type)), rank: CODED };
    case 'url': {
      const key = hash(forms.url(type, param, target.url));
      return { full: key, key, rank: REFERRING };
    }
    case 'identifier': {
      if (target.value === undefined)
        return { full: hash(forms.identifierSystem(param, target.system ?? null)), rank: CODED };
      const key = hash(forms.identifierValue(type, param, target.value));
      const full = target.system === undefined ? key : hash(forms.identifier(param, target.system, target.value));
      return { full, key, rank: IDENTIFYING };
    }
    default:
      return target satisfies never;
  }
}

/** Inside a composite's component, where entries have no types and no index paths. */
export function recognisedFull(hash: Hash, type: string, p: TokenPredicate | ReferencePredicate): number | undefined {
  return (p.kind === 'token' ? recognisedToken(hash, type, p) : recognisedReference(hash, type, p))?.full;
}

/** One token or reference, or alternatives of one parameter, as one condition. */
export function recognisedBy(
  hash: Hash,
  type: string,
  alternatives: readonly (TokenPredicate | ReferencePredicate)[],
): Compiled | undefined {
  const found = alternatives.map((p) =>
    p.kind === 'token' ? recognisedToken(hash, type, p) : recognisedReference(hash, type, p),
  );
  const known = found.filter((f): f is Recognised => f !== undefined);
  if (known.length < found.length || known.length === 0) return undefined;
  const filter: Filter = { full: oneOf([...new Set(known.map((k) => k.full))]) };
  const keys = known.flatMap((k) => (k.key === undefined ? [] : [k.key]));
  const patients = alternatives.flatMap((p) =>
    p.kind === 'reference' && p.target.by === 'local' && p.target.type === 'Patient' ? [p.target.id] : [],
  );
  const codes = alternatives.flatMap((p) =>
    p.kind === 'token' && p.match.by === 'code' && p.match.code !== undefined && BELOW_PATIENT.has(p.param)
      ? [p.match.code]
      : [],
  );
  const [first] = alternatives;
  return {
    filter,
    ...(keys.length === known.length && {
      keys: { values: [...new Set(keys)], rank: Math.max(...known.map((k) => k.rank)) },
    }),
    ...(patients.length === alternatives.length && { patients: [...new Set(patients)] }),
    ...(first &&
      codes.length === alternatives.length && { codes: { param: first.param, values: [...new Set(codes)] } }),
  };
}

export const tokenText = (hash: Hash, type: string, param: string, folded: string): Filter => ({
  str: { $elemMatch: textEntry(hash, type, param, folded) },
});
