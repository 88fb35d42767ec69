import { calculate } from './arithmetic.ts';
import { constant } from './constants.ts';
import {
  BAG,
  collectionExpression,
  constantExpression,
  type Expression,
  nodeExpression,
  single,
  THIS,
} from './expression.ts';
import { asExpression, isExpression } from './functions/types.ts';
import { FUNCTIONS } from './functions/table.ts';
import { MemberPath } from './member-path.ts';
import { EMPTY, FhirPathNode, integerNode } from './node.ts';
import { OPERATORS } from './operators.ts';
import { quantityNode, quantityOf } from './quantity.ts';
import { type CallSyntax, type Syntax, syntaxProblem } from './syntax.ts';

/** Turns a syntax tree into closures, once per expression. */
export class Builder {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** `inBag`: `$this` is the collection that an iif() was called on. */
  build(syntax: Syntax, inBag = false): Expression {
    switch (syntax.kind) {
      case 'literal':
        return constantExpression(syntax.node === undefined ? EMPTY : [syntax.node]);
      case 'constant':
        return constant(syntax.name);
      case 'special':
        return this.#special(syntax.name, inBag);
      case 'member':
        return this.#firstMember(syntax.name, inBag);
      case 'call':
        return this.#call(syntax, undefined, inBag);
      case 'invoke':
        return this.#invoke(syntax.focus, syntax.call, inBag);
      case 'index':
        return this.#index(this.build(syntax.focus, inBag), this.build(syntax.position, inBag));
      case 'negate':
        return this.#negate(this.build(syntax.operand, inBag));
      case 'type': {
        const operand = this.build(syntax.operand, inBag);
        return syntax.operator === 'is' ? isExpression(operand, syntax.type) : asExpression(operand, syntax.type);
      }
      case 'binary': {
        const operator = OPERATORS.get(syntax.operator);
        if (!operator) throw syntaxProblem(this.#text, syntax.at, `unknown operator '${syntax.operator}'`);
        return operator(this.build(syntax.left, inBag), this.build(syntax.right, inBag));
      }
      default:
        return syntax satisfies never;
    }
  }

  #special(name: '$this' | '$index' | '$total', inBag: boolean): Expression {
    if (name === '$this') return inBag ? BAG : THIS;
    if (name === '$index') return nodeExpression((_self, scope) => integerNode(scope.index));
    return collectionExpression((_self, scope) => scope.total);
  }

  /** A capital at the start names the type that the rest is for: `Observation.subject`. */
  #firstMember(name: string, inBag: boolean): Expression {
    const start = inBag ? BAG : undefined;
    return /^[A-Z]/.test(name) ? new MemberPath(start, name, []) : new MemberPath(start, undefined, [name]);
  }

  #invoke(focus: Syntax, call: Syntax, inBag: boolean): Expression {
    if (call.kind === 'special') return this.#special(call.name, inBag);
    // `FHIR.Patient.name`: the namespace says nothing more.
    if (focus.kind === 'member' && focus.name === 'FHIR' && call.kind === 'member')
      return this.#firstMember(call.name, inBag);
    const start = this.build(focus, inBag);
    if (call.kind === 'call') return this.#call(call, start, inBag);
    if (call.kind !== 'member') throw syntaxProblem(this.#text, call.at, 'expected a member or a function');
    if (start instanceof MemberPath) return start.child(call.name);
    return new MemberPath(start === THIS ? undefined : start, undefined, [call.name]);
  }

  #call(call: CallSyntax, focus: Expression | undefined, inBag: boolean): Expression {
    const definition = FUNCTIONS.get(call.name);
    if (!definition) throw syntaxProblem(this.#text, call.at, `unknown function '${call.name}'`);
    const { parameters, required } = definition;
    if (call.args.length < required || call.args.length > parameters.length) {
      const wanted = required === parameters.length ? `${required}` : `${required} to ${parameters.length}`;
      throw syntaxProblem(this.#text, call.at, `${call.name}() takes ${wanted} arguments, ${call.args.length} given`);
    }
    const args = call.args.map((arg, index) => {
      switch (parameters[index]) {
        case 'each':
          return this.build(arg, false);
        case 'bag':
          return this.build(arg, focus === undefined ? inBag : true);
        case 'type':
          if (arg.kind !== 'member' && arg.kind !== 'invoke') {
            throw syntaxProblem(this.#text, arg.at, 'expected the name of a type');
          }
          return constantExpression(EMPTY);
        default:
          return this.build(arg, inBag);
      }
    });
    return definition.build(focus ?? (inBag ? BAG : THIS), args, call);
  }

  #index(focus: Expression, position: Expression): Expression {
    return nodeExpression((self, scope) => {
      const at = single(position.evaluate(self, scope), 'an index')?.value;
      return typeof at === 'number' ? focus.evaluate(self, scope)[at] : undefined;
    });
  }

  #negate(operand: Expression): Expression {
    const negative = nodeExpression((self, scope) => {
      const node = single(operand.evaluate(self, scope), "'-'");
      if (node === undefined) return undefined;
      const quantity = typeof node.value === 'number' ? undefined : quantityOf(node);
      return quantity ? quantityNode(-quantity.value, quantity.unit) : calculate('-', integerNode(0), node, scope);
    });
    const node = operand.constant?.[0];
    return typeof node?.value === 'number' ? constantExpression([new FhirPathNode(-node.value, node.type)]) : negative;
  }
}
