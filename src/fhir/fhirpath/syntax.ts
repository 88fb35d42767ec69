import { Problem } from '../problem.ts';
import type { FhirPathNode } from './node.ts';

/** The syntax tree. `at` is the position in the text, from 0. */
export type Syntax =
  | { readonly kind: 'literal'; readonly at: number; readonly node: FhirPathNode | undefined }
  | { readonly kind: 'member'; readonly at: number; readonly name: string }
  | CallSyntax
  /** `focus.call`: `call` is a member or a function. */
  | { readonly kind: 'invoke'; readonly at: number; readonly focus: Syntax; readonly call: Syntax }
  | { readonly kind: 'index'; readonly at: number; readonly focus: Syntax; readonly position: Syntax }
  | { readonly kind: 'negate'; readonly at: number; readonly operand: Syntax }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: string;
      readonly left: Syntax;
      readonly right: Syntax;
    }
  | {
      readonly kind: 'type';
      readonly at: number;
      readonly operator: 'is' | 'as';
      readonly operand: Syntax;
      readonly type: TypeName;
    }
  | { readonly kind: 'constant'; readonly at: number; readonly name: string }
  | { readonly kind: 'special'; readonly at: number; readonly name: '$this' | '$index' | '$total' };

export interface CallSyntax {
  readonly kind: 'call';
  readonly at: number;
  readonly name: string;
  readonly args: readonly Syntax[];
}

/** `Patient`, `FHIR.Patient`, `System.String`. */
export interface TypeName {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A failure of the expression itself. */
export const syntaxProblem = (text: string, at: number, what: string): Problem =>
  new Problem(
    'invalid',
    `FHIRPath '${text.length > 200 ? `${text.slice(0, 200)}…` : text}', position ${at + 1}: ${what}`,
  );
