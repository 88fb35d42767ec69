import { expand } from '../../src/conformance/terminology/expand.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';

/** The one system of which the value set has the code; undefined where it has it of none. Throws Problem `invalid` where of several. */
export function systemOf(terminology: Terminology, valueSet: JsonObject, code: string): string | undefined {
  const systems = new Set(
    expand(terminology, valueSet)
      .members.filter((member) => member.code === code)
      .map(({ system }) => system),
  );
  const [only, ...others] = systems;
  if (others.length === 0) return only;
  throw new Problem('invalid', `The code '${code}' is of several systems: ${[...systems].join(', ')}; state which`, {
    expression: ['system'],
  });
}
