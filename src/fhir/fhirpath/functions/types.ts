import { booleanExpression, collectionExpression, type Expression, nodeExpression, single } from '../expression.ts';
import { FhirPathNode } from '../node.ts';
import type { Syntax, TypeName } from '../syntax.ts';
import { Problem } from '../../problem.ts';
import { isType, systemType } from '../type-test.ts';
import type { FunctionTable } from './definition.ts';

/** `is`: of one item. */
export const isExpression = (operand: Expression, type: TypeName): Expression =>
  booleanExpression((self, scope) => {
    const node = single(operand.evaluate(self, scope), "'is'");
    if (node !== undefined) return isType(node, type, scope.model);
    scope.undecided = true;
    return undefined;
  });

/** `as` and ofType(): R4's own constraints and search parameters use `as` on several items, so it filters. */
export const asExpression = (operand: Expression, type: TypeName): Expression =>
  collectionExpression((self, scope) => {
    const nodes = operand.evaluate(self, scope);
    if (nodes.length === 0) return nodes;
    const first = nodes[0];
    if (nodes.length === 1 && first && isType(first, type, scope.model)) return nodes;
    return nodes.filter((node) => isType(node, type, scope.model));
  });

/** An argument that is the name of a type; the builder refuses others. */
export const typeArgument = (syntax: Syntax | undefined): TypeName => {
  if (syntax?.kind === 'member') return { namespace: undefined, name: syntax.name };
  if (syntax?.kind === 'invoke' && syntax.focus.kind === 'member' && syntax.call.kind === 'member') {
    return { namespace: syntax.focus.name, name: syntax.call.name };
  }
  throw new Problem('invalid', 'FHIRPath: expected the name of a type');
};

/** FHIRPath N1 §6.3, and type(). */
export const TYPES: FunctionTable = {
  is: {
    parameters: ['type'],
    required: 1,
    build: (focus, _args, call) => isExpression(focus, typeArgument(call.args[0])),
  },
  as: {
    parameters: ['type'],
    required: 1,
    build: (focus, _args, call) => asExpression(focus, typeArgument(call.args[0])),
  },
  ofType: {
    parameters: ['type'],
    required: 1,
    build: (focus, _args, call) => asExpression(focus, typeArgument(call.args[0])),
  },
  type: {
    parameters: [],
    required: 0,
    build: (focus) =>
      nodeExpression((self, scope) => {
        const node = single(focus.evaluate(self, scope), 'type()');
        if (node?.type === undefined) return undefined;
        const system = node.type.startsWith('System.') ? systemType(node) : undefined;
        return new FhirPathNode({ namespace: system ? 'System' : 'FHIR', name: system ?? node.type }, undefined);
      }),
  },
};
