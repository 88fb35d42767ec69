import { textAt } from '../../src/conformance/terminology/read.ts';
import { validateInSystem, validateInValueSet, type Verdict } from '../../src/conformance/terminology/validate-code.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { codesAsked, verdictOf, verdictOfAny } from './codes-asked.ts';
import { validateInSystemDefinition, validateInValueSetDefinition } from './definitions.ts';
import { givenDefinition, withStored } from './stored.ts';
import { valueSetMeant } from './value-set.ts';

/** `ValueSet/$validate-code` and `ValueSet/[id]/$validate-code`. */
export const validateInValueSetOperation = operation(validateInValueSetDefinition, async (call) => {
  const { input } = call;
  const meant = await valueSetMeant(call);
  const codes = codesAsked({ ...input, version: input.systemVersion });
  const verdicts: Verdict[] = [];
  for (const code of codes)
    verdicts.push(
      await verdictOf(() =>
        withStored(call, (terminology) =>
          validateInValueSet(terminology, meant(terminology), code, input.abstract ?? false),
        ),
      ),
    );
  return outputAnswer(validateInValueSetDefinition, { ...verdictOfAny(verdicts) });
});

/** `CodeSystem/$validate-code` and `CodeSystem/[id]/$validate-code`. */
export const validateInSystemOperation = operation(validateInSystemDefinition, async (call) => {
  const { input } = call;
  const given = await givenDefinition(call, input.codeSystem);
  const url = (given && textAt(given, 'url')) ?? input.url;
  const codes = codesAsked({ ...input, system: url });
  const verdicts: Verdict[] = [];
  for (const code of codes) {
    if (url !== undefined && code.system !== url) {
      verdicts.push({ result: false, message: `The code is of '${code.system}', not of '${url}'` });
      continue;
    }
    verdicts.push(
      await verdictOf(() =>
        withStored(call, (known) => {
          const terminology = given === undefined ? known : known.with(given, 'CodeSystem');
          return validateInSystem(
            terminology,
            { ...code, version: code.version ?? input.version },
            input.abstract ?? false,
          );
        }),
      ),
    );
  }
  return outputAnswer(validateInSystemDefinition, { ...verdictOfAny(verdicts) });
});
