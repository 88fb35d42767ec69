import { textAt } from '../../src/conformance/terminology/read.ts';
import { validateInSystem, validateInValueSet, type Verdict } from '../../src/conformance/terminology/validate-code.ts';
import { withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { codesAsked, verdictOf, verdictOfAny } from './codes-asked.ts';
import { validateInSystemDefinition } from './code-system-definitions.ts';
import { givenDefinition } from './given-definition.ts';
import { systemOf } from './system-of-code.ts';
import { validateInValueSetDefinition } from './value-set-definitions.ts';
import { valueSetMeant } from './value-set.ts';

/** `ValueSet/$validate-code` and `ValueSet/[id]/$validate-code`. */
export const validateInValueSetOperation = operation(validateInValueSetDefinition, async (call) => {
  const { input } = call;
  const meant = await valueSetMeant(call);
  const { code: alone, context, date } = input;
  // With a context a code may come without its system (valueset-operation-validate-code.html), if it tells which.
  const system =
    input.system ??
    (context === undefined || alone === undefined
      ? undefined
      : await withStoredDefinitions(call, (terminology) => systemOf(terminology, meant(terminology), alone), date));
  if (context !== undefined && alone !== undefined && system === undefined)
    return outputAnswer(validateInValueSetDefinition, {
      result: false,
      message: `The code '${alone}' is in no system of the value set that '${context}' is bound to`,
    });
  const codes = codesAsked({ ...input, system, version: input.systemVersion });
  const verdicts: Verdict[] = [];
  for (const code of codes)
    verdicts.push(
      await verdictOf(() =>
        withStoredDefinitions(
          call,
          (terminology) => validateInValueSet(terminology, meant(terminology), code, input.abstract ?? false),
          date,
        ),
      ),
    );
  return outputAnswer(validateInValueSetDefinition, { ...verdictOfAny(verdicts) });
});

/** `CodeSystem/$validate-code` and `CodeSystem/[id]/$validate-code`. */
export const validateInSystemOperation = operation(validateInSystemDefinition, async (call) => {
  const { input } = call;
  const given = await givenDefinition(call, {
    sent: ['codeSystem', input.codeSystem],
    named: ['url', input.url],
  });
  const url = (given && textAt(given, 'url')) ?? input.url;
  const codes = codesAsked({ ...input, system: url }, 'url');
  const verdicts: Verdict[] = [];
  for (const code of codes) {
    if (url !== undefined && code.system !== url) {
      verdicts.push({ result: false, message: `The code is of '${code.system}', not of '${url}'` });
      continue;
    }
    verdicts.push(
      await verdictOf(() =>
        withStoredDefinitions(
          call,
          (known) => {
            const terminology = given === undefined ? known : known.with(given, 'CodeSystem');
            return validateInSystem(
              terminology,
              { ...code, version: code.version ?? input.version },
              input.abstract ?? false,
            );
          },
          input.date,
        ),
      ),
    );
  }
  return outputAnswer(validateInSystemDefinition, { ...verdictOfAny(verdicts) });
});
