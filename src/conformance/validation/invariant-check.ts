import { compile } from '../../fhir/fhirpath/compile.ts';
import { FhirPathNode } from '../../fhir/fhirpath/node.ts';
import { type Issue, Problem } from '../../fhir/problem.ts';
import { isObject, type Json } from '../../fhir/resource.ts';
import type { Constraint } from '../registry.ts';
import { CONTAINED_RULES } from './contained-rules.ts';
import type { Check, Run } from './run.ts';

/** Held by the checks of structure, of resources and of narrative. */
const STRUCTURAL = new Set(['ele-1', 'dom-2', 'txt-1', 'txt-2']);

const hasValue = (extension: object): boolean => {
  for (const name in extension) if (name.startsWith('value') || name.startsWith('_value')) return true;
  return false;
};

const failing =
  ({ key, human }: Constraint, holds: (value: unknown, run: Run) => boolean): Check =>
  (value, run, depth) => {
    if (!holds(value, run)) run.fail(depth, 'invariant', `${human} (${key})`);
  };

/** Invariants of every element, written out because they run for each; the rest goes through FHIRPath. */
const WRITTEN: Readonly<Record<string, (value: unknown, run: Run) => boolean>> = {
  'ext-1': (value) => !isObject(value) || (value['extension'] !== undefined) !== hasValue(value),
  'ref-1': (value, run) => {
    const reference = isObject(value) ? value['reference'] : undefined;
    // A bare `#` is the container itself (references.html#contained).
    if (typeof reference !== 'string' || reference.charCodeAt(0) !== 35 || reference.length === 1) return true;
    return run.contained.has(reference.slice(1));
  },
};

/** A narrative is missing from nearly every resource made by a machine: one issue per type serves all of them. */
const narrativeHint = ({ key, human }: Constraint): Check => {
  const issues = new Map<string, Issue>();
  return (value, run, depth) => {
    if (!isObject(value) || isObject(value['text'])) return;
    const path = run.path(depth);
    let issue = issues.get(path);
    if (issue === undefined) {
      issue = { severity: 'warning', code: 'invariant', diagnostics: `${human} (${key})`, expression: [path] };
      if (depth === 0) issues.set(path, issue);
    }
    run.add(issue);
  };
};

/** Check of an invariant on a value of `type`; undefined where other checks hold it already. */
export const invariantCheck = (constraint: Constraint, type: string): Check | undefined => {
  const { key, severity, human, expression } = constraint;
  if (STRUCTURAL.has(key)) return undefined;
  if (key === 'dom-6') return narrativeHint(constraint);
  const written = WRITTEN[key];
  if (written !== undefined) return failing(constraint, written);
  const rule = CONTAINED_RULES[key];
  if (rule !== undefined) return rule;
  const compiled = compile(expression);
  return (value, run, depth) => {
    let diagnostics = `${human} (${key})`;
    try {
      const node = new FhirPathNode(value as Json, type);
      // An error must evaluate to true (conformance-rules.html#constraints); advice on a name needs a name (vsd-0).
      const met = severity === 'error' ? compiled.holds(node, run.environment) : compiled.test(node, run.environment);
      if (met !== false) return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      diagnostics = `${diagnostics}: ${error.message}`;
    }
    if (severity === 'error') run.fail(depth, 'invariant', diagnostics);
    else run.warn(depth, 'invariant', diagnostics);
  };
};
