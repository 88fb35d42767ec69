import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import { canonicalParts } from '../../src/conformance/terminology/read.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Json, JsonObject } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';
import { givenDefinition, withVersion } from './stored.ts';

interface Named {
  readonly url: string | undefined;
  readonly valueSet: Json | undefined;
  readonly valueSetVersion: string | undefined;
}

/** How to find the value set that is meant: the one called on, the one sent, or the one named by its canonical. */
export async function valueSetMeant(
  call: Call & { readonly target: OperationTarget; readonly input: Named },
): Promise<(terminology: Terminology) => JsonObject> {
  const { url, valueSet, valueSetVersion } = call.input;
  const given = await givenDefinition(call, valueSet);
  if (given !== undefined) return () => given;
  if (url === undefined)
    throw new Problem('invalid', "The value set is not said: state 'url' or 'valueSet', or call it on one ValueSet", {
      expression: ['url'],
    });
  const canonical = withVersion(url, valueSetVersion);
  return (terminology) => {
    const found = terminology.valueSet(canonical);
    if (found !== undefined) return found;
    const parts = canonicalParts(canonical);
    throw new NotHeld('ValueSet', parts.url, parts.version, 'url');
  };
}
