import type { Json } from '../resource.ts';
import { Builder } from './build.ts';
import { type Environment, Scope } from './environment.ts';
import type { Expression } from './expression.ts';
import { FhirPathNode, rootNode } from './node.ts';
import { parse } from './parser.ts';

/** A FHIRPath expression, ready to run. Safe to share: evaluation keeps no state in it. */
export class CompiledPath {
  readonly text: string;
  readonly #expression: Expression;

  constructor(text: string) {
    this.text = text;
    this.#expression = new Builder(text).build(parse(text));
  }

  /** What the expression selects. Throws Problem 'invalid' where the expression does not fit the data. */
  evaluate(input: Json | FhirPathNode, environment?: Environment): readonly FhirPathNode[] {
    const root = rootOf(input, environment);
    return this.#expression.evaluate(root, new Scope(root, environment));
  }

  /** The expression as a boolean, as invariants ask; undefined for an empty result. */
  test(input: Json | FhirPathNode, environment?: Environment): boolean | undefined {
    const root = rootOf(input, environment);
    return this.#expression.truth(root, new Scope(root, environment));
  }

  /** True where a rule is met: the result is true, or empty because something cannot be told from what there is. */
  holds(input: Json | FhirPathNode, environment?: Environment): boolean {
    const root = rootOf(input, environment);
    const scope = new Scope(root, environment);
    return this.#expression.truth(root, scope) ?? scope.undecided;
  }
}

const rootOf = (input: Json | FhirPathNode, environment: Environment | undefined): FhirPathNode =>
  input instanceof FhirPathNode ? input : rootNode(input, environment?.type);

/** Characters of all cached expressions: R4's own take a quarter of it, and what clients send cannot fill the memory. */
const MAXIMUM_CACHED = 1_000_000;
const cache = new Map<string, CompiledPath>();
let cached = 0;

/** Compiles a FHIRPath expression, or gives the one compiled before. Throws Problem 'invalid' naming the position. */
export const compile = (expression: string): CompiledPath => {
  const known = cache.get(expression);
  if (known) return known;
  const compiled = new CompiledPath(expression);
  cached += expression.length;
  if (cached > MAXIMUM_CACHED) {
    cache.clear();
    cached = expression.length;
  }
  cache.set(expression, compiled);
  return compiled;
};
