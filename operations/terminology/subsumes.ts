import { heldSystem } from '../../src/conformance/terminology/expand.ts';
import { textAt } from '../../src/conformance/terminology/read.ts';
import { subsumption } from '../../src/conformance/terminology/subsumes.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json } from '../../src/fhir/resource.ts';
import { withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { codingAsked } from './codes-asked.ts';
import { subsumesDefinition } from './code-system-definitions.ts';
import { givenDefinition } from './given-definition.ts';

/** `CodeSystem/$subsumes` and `CodeSystem/[id]/$subsumes`. */
export const subsumesOperation = operation(subsumesDefinition, async (call) => {
  const { input } = call;
  const given = await givenDefinition(call, { named: ['system', input.system] });
  const system = (given && textAt(given, 'url')) ?? input.system;
  const a = oneOf('A', input.codeA, input.codingA, system);
  const b = oneOf('B', input.codeB, input.codingB, system);
  if (a.system !== b.system)
    throw new Problem('invalid', `The codes are of two systems, '${a.system}' and '${b.system}'`, {
      expression: ['codingB'],
    });
  if (system !== undefined && a.system !== system)
    throw new Problem('invalid', `The codes are of '${a.system}', not of '${system}'`, { expression: ['system'] });
  const outcome = await withStoredDefinitions(call, (known) => {
    const terminology = given === undefined ? known : known.with(given, 'CodeSystem');
    const held = [input.version, a.version, b.version]
      .filter((version) => version !== undefined)
      .map((version) => heldSystem(terminology, a.system, version, 'version'));
    return subsumption(held[0] ?? heldSystem(terminology, a.system, undefined, 'system'), a.code, b.code);
  });
  return outputAnswer(subsumesDefinition, { outcome });
});

function oneOf(which: 'A' | 'B', code: string | undefined, coding: Json | undefined, system: string | undefined) {
  if (isObject(coding) && code === undefined) return codingAsked(coding, system, `coding${which}`);
  if (code === undefined || coding !== undefined)
    throw new Problem('invalid', `State either 'code${which}' or 'coding${which}'`, { expression: [`code${which}`] });
  return codingAsked({ code }, system, `code${which}`);
}
