import type { Action } from './permit.ts';

/** One SMART scope on clinical data (SMART App Launch 2.2, scopes-and-launch-context.html), v1 forms turned into v2. */
export interface Scope {
  readonly level: 'patient' | 'user' | 'system';
  /** A resource type, or `*`. */
  readonly type: string;
  readonly actions: ReadonlySet<Action>;
  /** Search parameters that granted resources must match, decoded; empty where the scope is not granular. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const SCOPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?$/;
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** The scope, or undefined where the text is none on clinical data (`openid`, `launch/patient`) or is malformed: it grants nothing. */
export function parseScope(text: string): Scope | undefined {
  const match = SCOPE.exec(text);
  if (!match) return undefined;
  const [, level, type, rights, parameters] = match;
  if (!level || !type || !rights) return undefined;
  return {
    level: level as Scope['level'],
    type,
    actions: new Set((V1[rights] ?? rights).split('') as Action[]),
    parameters: parameters === undefined ? [] : [...new URLSearchParams(parameters)],
  };
}

/** A token's `scope` claim as its single scopes. */
export const scopeList = (claim: string): readonly string[] => claim.split(' ').filter((scope) => scope !== '');
