import type { Scope } from '../environment.ts';
import { type Expression, nodeExpression, single } from '../expression.ts';
import type { FhirPathNode } from '../node.ts';
import type { CallSyntax } from '../syntax.ts';

/**
 * How an argument is evaluated: `value` once, against the enclosing `$this`; `each` against every item; `bag` against the whole
 * focus; `type` not at all, it is a type's name.
 */
export type Parameter = 'value' | 'each' | 'bag' | 'type';

export interface FunctionDefinition {
  readonly parameters: readonly Parameter[];
  /** How many of them must be given. */
  readonly required: number;
  build(focus: Expression, args: readonly Expression[], call: CallSyntax): Expression;
}

export type FunctionTable = Readonly<Record<string, FunctionDefinition>>;

type NodeFunction = (
  node: FhirPathNode,
  scope: Scope,
  args: readonly (FhirPathNode | undefined)[],
) => FhirPathNode | undefined;

/** A function of one item, empty for empty, whose arguments are single values; an argument that is given but empty gives empty. */
export const ofNode = (name: string, required: number, optional: number, apply: NodeFunction): FunctionDefinition => ({
  parameters: new Array<Parameter>(required + optional).fill('value'),
  required,
  build: (focus, args) =>
    nodeExpression((self, scope) => {
      const node = single(focus.evaluate(self, scope), `${name}()`);
      if (node === undefined) {
        scope.undecided = true;
        return undefined;
      }
      const values: (FhirPathNode | undefined)[] = [];
      for (const arg of args) {
        const value = single(arg.evaluate(self, scope), `an argument of ${name}()`);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return apply(node, scope, values);
    }),
});
