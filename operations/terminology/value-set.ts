import { requireUnchangedSince } from '../../src/conformance/terminology/as-of.ts';
import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import { canonicalParts, withVersion } from '../../src/conformance/terminology/read.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Json, JsonObject } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';
import { boundValueSet } from './bound-element.ts';
import { givenDefinition } from './given-definition.ts';

interface Named {
  readonly url: string | undefined;
  readonly valueSet: Json | undefined;
  readonly valueSetVersion: string | undefined;
  readonly context: string | undefined;
  readonly date: string | undefined;
}
const WAYS = ['url', 'valueSet', 'context'] as const;

/**
 * How to find the value set that is meant: the one called on, the one sent, the one named by its canonical, or the one
 * that an element is bound to. Throws Problem `invalid` where it is said in no way, or with a context in another too.
 */
export async function valueSetMeant(
  call: Call & { readonly target: OperationTarget; readonly input: Named },
): Promise<(terminology: Terminology) => JsonObject> {
  const { url, valueSet, valueSetVersion, context, date } = call.input;
  const ways = WAYS.filter((way) => call.input[way] !== undefined);
  if (context !== undefined && (ways.length > 1 || call.target.level === 'instance'))
    throw new Problem(
      'invalid',
      `The value set is said in several ways: ${[...ways, 'the ValueSet called on'].join(', ')}`,
      {
        expression: ['context'],
      },
    );
  const given = await givenDefinition(call, { sent: ['valueSet', valueSet], named: ['url', url] });
  if (given !== undefined) {
    if (date !== undefined) requireUnchangedSince(given, date);
    return () => given;
  }
  const named = context === undefined ? url : await boundValueSet(call, context);
  if (named === undefined)
    throw new Problem(
      'invalid',
      "The value set is not said: state 'url', 'valueSet' or 'context', or call it on one ValueSet",
      { expression: ['url'] },
    );
  const canonical = withVersion(named, valueSetVersion);
  return (terminology) => {
    const found = terminology.valueSet(canonical);
    if (found !== undefined) return found;
    const parts = canonicalParts(canonical);
    throw new NotHeld('ValueSet', parts.url, parts.version, context === undefined ? 'url' : 'context');
  };
}
