import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import { objectsAt, textAt } from '../../src/conformance/terminology/read.ts';
import type { Asked, Verdict } from '../../src/conformance/terminology/validate-code.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../../src/fhir/resource.ts';

interface Coded {
  readonly code: string | undefined;
  readonly system: string | undefined;
  readonly version?: string | undefined;
  readonly display?: string | undefined;
  readonly coding?: Json | undefined;
  readonly codeableConcept?: Json | undefined;
}

/** The codes that an operation is asked about; `naming` is its parameter for the system of a code. Throws Problem `invalid` where they are stated in none or several ways. */
export function codesAsked(input: Coded, naming: 'system' | 'url' = 'system'): readonly Asked[] {
  const { code, coding, codeableConcept } = input;
  const ways = [code, coding, codeableConcept].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new Problem(
      'invalid',
      `State one of 'code', 'coding' and 'codeableConcept', not ${ways.length === 0 ? 'none' : 'several'} of them`,
      {
        expression: ['code'],
      },
    );
  if (code !== undefined) {
    if (input.system === undefined)
      throw new Problem(
        'invalid',
        `The code '${code}' needs ${naming === 'url' ? 'the' : 'a'} '${naming}'${naming === 'url' ? ' of its code system' : ''}`,
        { expression: [naming] },
      );
    return [{ code, system: input.system, version: input.version, display: input.display }];
  }
  if (isObject(coding)) return [codingAsked(coding, input.system, 'coding')];
  const codings = isObject(codeableConcept) ? objectsAt(codeableConcept, 'coding') : [];
  if (codings.length === 0)
    throw new Problem('invalid', 'The codeableConcept has no coding', { expression: ['codeableConcept.coding'] });
  return codings.map((one, at) => codingAsked(one, input.system, `codeableConcept.coding[${at}]`));
}

/** A Coding as asked; its system may be given by what is asked of it. */
export function codingAsked(coding: JsonObject, systemMeant: string | undefined, expression: string): Asked {
  const [code, system] = [textAt(coding, 'code'), textAt(coding, 'system') ?? systemMeant];
  if (code === undefined)
    throw new Problem('invalid', `${expression} has no code`, { expression: [`${expression}.code`] });
  if (system === undefined)
    throw new Problem('invalid', `${expression} has no system`, { expression: [`${expression}.system`] });
  return { code, system, version: textAt(coding, 'version'), display: textAt(coding, 'display') };
}

/** What one says of a code, where a code system that is not known is an answer (`false`), not an error. */
export async function verdictOf(judge: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof NotHeld) || error.type !== 'CodeSystem') throw error;
    return { result: false, message: `${error.message}, so the code cannot be checked` };
  }
}

/** True if one of the codes is valid; otherwise all that is wrong. */
export const verdictOfAny = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.find(({ result }) => result) ?? {
    ...verdicts[0],
    result: false,
    message: verdicts.flatMap(({ message }) => message ?? []).join('; '),
  };
