import type { mongo } from 'mongoose';
import { Problem } from '../../fhir/problem.ts';
import type { Predicate } from '../../search/query.ts';
import { compileEach } from './compile.ts';
import { MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { forms } from './hashes.ts';
import { choosePath } from './path.ts';
import { havingOne, holdsPhrase } from './texts.ts';

/** More resources than this in the middle of a chain, and the search is refused. */
const MOST_JOINED = 50_000;

type Session = mongo.ClientSession;

/** Inside a transaction its own read concern holds. */
const readOptions = (session: Session) => ({ session, ...(session.inTransaction() ? {} : MAJORITY) });

const tooMany = (what: string): Problem =>
  new Problem('too-costly', `${what} matches more than ${MOST_JOINED} resources: state a narrower criterion.`);

async function matchingNames(
  context: MongoContext,
  type: string,
  where: Predicate,
  session: Session,
  what: string,
): Promise<string[]> {
  const { filter } = choosePath(context.hash, type, compileEach(context.hash, type, where));
  const options = {
    projection: { _id: 1 },
    limit: MOST_JOINED + 1,
    ...readOptions(session),
  };
  const found = await context.native.resources.find(filter, options).toArray();
  if (found.length > MOST_JOINED) throw tooMany(what);
  return found.map((f) => f._id);
}

/** Targets of type `target` to which matching sources refer. */
async function referredTo(
  context: MongoContext,
  p: Extract<Predicate, { kind: 'has' }>,
  where: Predicate,
  target: string,
  session: Session,
): Promise<string[]> {
  const { filter } = choosePath(context.hash, p.source, compileEach(context.hash, p.source, where));
  const link = context.hash(forms.values(p.source, p.param));
  // Gathered by the server: a million sources of ten patients come back as ten names.
  const stages = [
    { $match: filter },
    { $project: { links: 1 } },
    { $unwind: '$links' },
    { $match: { 'links.p': link, 'links.t': { $gte: `${target}/`, $lt: `${target}0` } } },
    { $group: { _id: '$links.t' } },
    { $limit: MOST_JOINED + 1 },
  ];
  const found = await context.native.resources.aggregate<{ _id: string }>(stages, readOptions(session)).toArray();
  if (found.length > MOST_JOINED) throw tooMany(`_has:${p.source}:${p.param}`);
  return found.map(({ _id }) => _id.slice(target.length + 1));
}

/**
 * Replaces phrases by the texts they lead to: the same for every type, so once before the types are searched each.
 * Phrases inside chains stay for resolveJoins.
 */
export async function resolveTexts(context: MongoContext, predicate: Predicate, session: Session): Promise<Predicate> {
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const of: Predicate[] = [];
      for (const p of predicate.of) of.push(await resolveTexts(context, p, session));
      return of.every((p, n) => p === predicate.of[n]) ? predicate : { kind: predicate.kind, of };
    }
    case 'not': {
      const of = await resolveTexts(context, predicate.of, session);
      return of === predicate.of ? predicate : { kind: 'not', of };
    }
    case 'fulltext': {
      const { param, phrase } = predicate;
      const options = { limit: MOST_JOINED + 1, projection: { _id: 1 }, ...readOptions(session) };
      const found = await context.native.texts.find(holdsPhrase(context.hash, phrase), options).toArray();
      if (found.length > MOST_JOINED) throw tooMany(param);
      return havingOne(
        param,
        found.map((text) => text._id),
      );
    }
    default:
      return predicate;
  }
}

/**
 * Replaces chains and `_has` by the ids, and phrases by the texts, they lead to, from the inside out, key by key and never by `$lookup`.
 * `type` is the type searched. Gives back the predicate itself where there are none.
 */
export async function resolveJoins(
  context: MongoContext,
  predicate: Predicate,
  session: Session,
  type: string,
): Promise<Predicate> {
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const of: Predicate[] = [];
      for (const p of predicate.of) of.push(await resolveJoins(context, p, session, type));
      return of.every((p, n) => p === predicate.of[n]) ? predicate : { kind: predicate.kind, of };
    }
    case 'not': {
      const of = await resolveJoins(context, predicate.of, session, type);
      return of === predicate.of ? predicate : { kind: 'not', of };
    }
    case 'chain': {
      const { param, type: target } = predicate;
      const where = await resolveJoins(context, predicate.where, session, target);
      const names = await matchingNames(context, target, where, session, `${param}:${target}`);
      const of = names.map((name): Predicate => {
        return { kind: 'reference', param, target: { by: 'local', type: target, id: name.slice(target.length + 1) } };
      });
      return of.length === 0 ? { kind: 'none' } : { kind: 'or', of };
    }
    case 'has': {
      const where = await resolveJoins(context, predicate.where, session, predicate.source);
      return { kind: 'id', ids: await referredTo(context, predicate, where, type, session) };
    }
    case 'fulltext':
      return resolveTexts(context, predicate, session);
    default:
      return predicate;
  }
}
