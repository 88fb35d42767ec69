import type { JsonObject } from '../../fhir/resource.ts';
import type { CodeSystem } from './code-system.ts';
import { expand, heldSystem } from './expand.ts';
import { textAt } from './read.ts';
import type { Terminology } from './terminology.ts';

/** A code to be checked; `at` is the element or parameter that states it. */
export interface Asked {
  readonly system: string;
  readonly version?: string | undefined;
  readonly code: string;
  readonly display?: string | undefined;
}
/** What validate-code says (valueset-operation-validate-code.html): `message` explains a refusal or carries a hint. */
export interface Verdict {
  readonly result: boolean;
  readonly message?: string;
  readonly display?: string;
}
interface Known {
  readonly display?: string | undefined;
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly designations: readonly JsonObject[];
}

/** Whether a code is in a value set. @throws NotHeld where that depends on a definition that is not known. */
export const validateInValueSet = (
  terminology: Terminology,
  valueSet: JsonObject,
  asked: Asked,
  abstractAllowed: boolean,
): Verdict => {
  const name = textAt(valueSet, 'url') ?? textAt(valueSet, 'name') ?? 'given';
  const system = terminology.codeSystem(asked.system);
  const code = system?.concept(asked.code)?.code ?? asked.code;
  if (system?.content === 'complete' && system.concept(asked.code) === undefined) return unknownCode(asked);
  const member = expand(terminology, valueSet, asked.system).members.find((it) => it.code === code);
  if (member === undefined)
    return {
      result: false,
      message: `The code '${asked.code}' of '${asked.system}' is not in the value set '${name}'`,
    };
  if (asked.version !== undefined && member.version !== undefined && asked.version !== member.version)
    return {
      result: false,
      message: `The value set '${name}' takes '${asked.system}' in version '${member.version}', not '${asked.version}'`,
    };
  return judged(asked, member, abstractAllowed);
};

/** Whether a code is in its code system. @throws NotHeld where that is not known. */
export const validateInSystem = (terminology: Terminology, asked: Asked, abstractAllowed: boolean): Verdict => {
  const system = heldSystem(terminology, asked.system, asked.version, 'system');
  const concept = system.concept(asked.code);
  return concept === undefined ? unknownCode(asked, system) : judged(asked, concept, abstractAllowed);
};

const unknownCode = ({ code, system }: Asked, held?: CodeSystem): Verdict => {
  const part =
    held === undefined || held.content === 'complete' ? '' : `, of which only a part (${held.content}) is held here`;
  return { result: false, message: `The code '${code}' is not known in '${system}'${part}` };
};

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();

/** The display must be one that the code has, in any language; case and white space do not matter. */
function judged(asked: Asked, known: Known, abstractAllowed: boolean): Verdict {
  const display = known.display === undefined ? {} : { display: known.display };
  if (known.abstract && !abstractAllowed)
    return {
      result: false,
      message: `The code '${asked.code}' is abstract: it groups others and is not to be chosen`,
      ...display,
    };
  const valid = [known.display, ...known.designations.map((it) => textAt(it, 'value'))].filter(
    (it) => it !== undefined,
  );
  if (asked.display !== undefined && valid.length > 0 && !valid.some((it) => plain(it) === plain(asked.display ?? '')))
    return {
      result: false,
      message: `'${asked.display}' is no display of '${asked.code}'; it is '${valid[0]}'`,
      ...display,
    };
  if (known.inactive) return { result: true, message: `The code '${asked.code}' is no longer in use`, ...display };
  return { result: true, ...display };
}
