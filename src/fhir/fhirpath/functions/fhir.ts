import type { Scope } from '../environment.ts';
import { booleanExpression, collectionExpression, nodeExpression, single } from '../expression.ts';
import { MANY, MemberPath, VALUELESS } from '../member-path.ts';
import { FhirPathNode } from '../node.ts';
import { isType } from '../type-test.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';
import { isSafeNarrative } from './html-checks.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

const isPrimitive = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** A question that the environment answers; empty where it cannot. */
const asked = (
  name: string,
  answer: (node: FhirPathNode, canonical: string, scope: Scope) => boolean | undefined,
): FunctionDefinition => ({
  parameters: ['value'],
  required: 1,
  build: (focus, [canonical]) =>
    booleanExpression((self, scope) => {
      const node = single(focus.evaluate(self, scope), `${name}()`);
      const url = canonical && single(canonical.evaluate(self, scope), `${name}()`)?.text;
      return node === undefined || url === undefined ? undefined : answer(node, url, scope);
    }),
});

const moment = (type: string, text: (now: Date) => string): FunctionDefinition => ({
  parameters: [],
  required: 0,
  build: () => nodeExpression((_self, scope) => new FhirPathNode(text(scope.now), type)),
});

/** FHIR's additions (fhirpath.html#functions), trace() and the clock (FHIRPath N1 §5.9). */
export const FHIR: FunctionTable = {
  hasValue: {
    parameters: [],
    required: 0,
    build: (focus) =>
      booleanExpression((self, scope) => {
        if (focus instanceof MemberPath) {
          const value = focus.single(self, scope);
          return value !== MANY && value !== VALUELESS && isPrimitive(value);
        }
        const nodes = focus.evaluate(self, scope);
        return nodes.length === 1 && isPrimitive(nodes[0]?.value);
      }),
  },
  getValue: {
    parameters: [],
    required: 0,
    build: (focus) =>
      nodeExpression((self, scope) => {
        const node = single(focus.evaluate(self, scope), 'getValue()');
        return isPrimitive(node?.value) ? node : undefined;
      }),
  },
  htmlChecks: {
    parameters: [],
    required: 0,
    build: (focus) =>
      booleanExpression((self, scope) =>
        focus.evaluate(self, scope).every(({ value }) => typeof value !== 'string' || isSafeNarrative(value)),
      ),
  },
  memberOf: asked('memberOf', (node, url, scope) => scope.environment.memberOf?.(node, url)),
  conformsTo: asked('conformsTo', (node, url, scope) => {
    const answer = scope.environment.conformsTo?.(node, url);
    if (answer !== undefined || !url.startsWith(CORE)) return answer;
    return isType(node, { namespace: 'FHIR', name: url.slice(CORE.length) }, scope.model);
  }),
  trace: {
    parameters: ['value', 'each'],
    required: 1,
    build: (focus, [name, projection]) =>
      collectionExpression((self, scope) => {
        const nodes = focus.evaluate(self, scope);
        const listener = scope.environment.trace;
        if (listener && name) {
          const shown = projection ? nodes.flatMap((node) => projection.evaluate(node, scope)) : nodes;
          listener(single(name.evaluate(self, scope), 'trace()')?.text ?? '', shown);
        }
        return nodes;
      }),
  },
  now: moment('System.DateTime', (now) => now.toISOString()),
  today: moment('System.Date', (now) => now.toISOString().slice(0, 10)),
  timeOfDay: moment('System.Time', (now) => now.toISOString().slice(11, 23)),
};
