import { Problem } from '../fhir/problem.ts';
import { refuse } from './asked.ts';
import { and, or, type Predicate } from './query.ts';
import { type SearchScope, spend } from './search-scope.ts';
import { wordsOf } from './words.ts';

const TOKENS = /\s*(?:"([^"]*)"|([()])|([^\s()"]+))/y;
const DEEPEST = 32;

type Token = { readonly text: string; readonly kind: 'quoted' | 'bracket' | 'bare' };

/**
 * What `_text` and `_content` ask (search.html#content): words, "phrases in quotes" and parentheses, joined by `and`,
 * `or` and `not` in any case; words side by side must all occur. `not` binds most, then `and`. No stemming, no wildcards.
 */
export const fulltextPredicate = (scope: SearchScope, over: '_text' | '_content', text: string): Predicate => {
  const tokens = tokenized(scope, text);
  let at = 0;
  const next = (): Token | undefined => tokens[at];
  const isWord = (word: string): boolean => next()?.kind === 'bare' && next()?.text.toLowerCase() === word;
  const isBracket = (bracket: string): boolean => next()?.kind === 'bracket' && next()?.text === bracket;

  const alternatives = (depth: number): Predicate => {
    const of = [conjunction(depth)];
    while (isWord('or')) {
      at += 1;
      of.push(conjunction(depth));
    }
    return or(...of);
  };
  const conjunction = (depth: number): Predicate => {
    const of = [negation(depth)];
    while (next() !== undefined && !isWord('or') && !isBracket(')')) {
      if (isWord('and')) at += 1;
      of.push(negation(depth));
    }
    return and(...of);
  };
  const negation = (depth: number): Predicate => {
    if (!isWord('not')) return term(depth);
    at += 1;
    return { kind: 'not', of: negation(depth + 1) };
  };
  const term = (depth: number): Predicate => {
    if (depth > DEEPEST)
      throw new Problem('too-costly', `search parameter '${scope.name}' nests too deeply`, {
        expression: [scope.name],
      });
    const token = next();
    if (token === undefined || isWord('and') || isWord('or') || isBracket(')'))
      return refuse(scope.name, `a word is missing ${token === undefined ? 'at the end' : `before '${token.text}'`}`);
    at += 1;
    if (token.kind !== 'bracket') return phrase(scope, over, token.text);
    const inner = alternatives(depth + 1);
    if (!isBracket(')')) return refuse(scope.name, "a ')' is missing");
    at += 1;
    return inner;
  };

  const whole = alternatives(0);
  return next() === undefined ? whole : refuse(scope.name, `'${next()?.text}' has no '(' before it`);
};

const tokenized = (scope: SearchScope, text: string): readonly Token[] => {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKENS.lastIndex < end) {
    const [, quoted, bracket, bare] = TOKENS.exec(text) ?? refuse(scope.name, 'a quotation mark has no partner');
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (bare !== undefined) tokens.push({ kind: 'bare', text: bare });
  }
  return tokens.length > 0 ? tokens : refuse(scope.name, 'it holds no word');
};

/** The narrative is content too. */
const phrase = (scope: SearchScope, over: '_text' | '_content', text: string): Predicate => {
  const words = wordsOf(text);
  if (words.length === 0)
    return refuse(
      scope.name,
      `'${text}' holds no word that is searched for: words of more than four digits or forty characters are left out`,
    );
  if (text.includes('*')) return refuse(scope.name, `wildcards as in '${text}' are not answered; state whole words`);
  spend(scope, words.length);
  const narrative: Predicate = { kind: 'fulltext', param: '_text', phrase: words };
  return over === '_text' ? narrative : or(narrative, { kind: 'fulltext', param: '_content', phrase: words });
};
