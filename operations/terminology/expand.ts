import { expand, type Expansion, type Member } from '../../src/conformance/terminology/expand.ts';
import { objectsAt, textAt } from '../../src/conformance/terminology/read.ts';
import { instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { operation, type InputOf } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { fold } from '../../src/search/fold.ts';
import { expandDefinition } from './definitions.ts';
import { withStored } from './stored.ts';
import { valueSetMeant } from './value-set.ts';

type Input = InputOf<typeof expandDefinition>;
const UNCLOSED = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';

/** `ValueSet/$expand` and `ValueSet/[id]/$expand`. */
export const expandOperation = operation(expandDefinition, async (call) => {
  const { input, world } = call;
  for (const name of ['offset', 'count'] as const)
    if ((input[name] ?? 0) < 0)
      throw new Problem('invalid', `'${name}' is ${input[name]}; it must not be negative`, { expression: [name] });
  const meant = await valueSetMeant(call);
  const { set, expansion } = await withStored(call, (terminology) => {
    const set = meant(terminology);
    return { set, expansion: expand(terminology, set) };
  });
  const chosen = expansion.members.filter(wanted(input));
  const from = input.offset ?? 0;
  const page = chosen.slice(from, input.count === undefined ? undefined : from + input.count);
  return outputAnswer(expandDefinition, {
    return: {
      ...head(set, input.includeDefinition === true),
      expansion: {
        ...(expansion.unclosed && { extension: [{ url: UNCLOSED, valueBoolean: true }] }),
        identifier: `urn:uuid:${world.newId()}`,
        timestamp: instantText(world.now()),
        total: chosen.length,
        ...(input.offset !== undefined || input.count !== undefined ? { offset: from } : {}),
        parameter: parametersOf(input, expansion),
        ...(page.length > 0 && { contains: page.map((member) => contained(member, input)) }),
      },
    },
  });
});

/** Every word of the filter must be in the display or the code; case and accents do not matter. */
function wanted({ filter, activeOnly, excludeNotForUI }: Input): (member: Member) => boolean {
  const words = filter === undefined ? [] : fold(filter).split(' ');
  return ({ inactive, abstract, code, display }) => {
    if ((activeOnly && inactive) || (excludeNotForUI && abstract)) return false;
    if (words.length === 0) return true;
    const text = `${fold(display ?? '')} ${fold(code)} ${code.toLowerCase()}`;
    return words.every((word) => text.includes(word));
  };
}

const HEAD = ['id', 'url', 'version', 'name', 'title'] as const;
const head = (set: JsonObject, whole: boolean) => ({
  ...(whole ? set : Object.fromEntries(HEAD.flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]]])))),
  resourceType: 'ValueSet',
  status: textAt(set, 'status') ?? 'active',
});

/** What the expansion depends on (ValueSet.expansion.parameter). */
function parametersOf(input: Input, { systems }: Expansion): readonly JsonObject[] {
  const { url: _url, valueSet: _valueSet, valueSetVersion: _version, ...asked } = input;
  const stated = Object.entries(asked).flatMap(([name, value]): readonly JsonObject[] => {
    if (typeof value === 'boolean') return [{ name, valueBoolean: value }];
    if (typeof value === 'number') return [{ name, valueInteger: value }];
    return typeof value === 'string' ? [{ name, valueString: value }] : [];
  });
  return [...stated, ...[...systems].map((system) => ({ name: 'version', valueUri: system }))];
}

const speaks = (language: string | undefined, wanted: string): boolean =>
  language !== undefined &&
  (language === wanted || language.startsWith(`${wanted}-`) || wanted.startsWith(`${language}-`));

function contained(member: Member, { includeDesignations, displayLanguage }: Input): JsonObject {
  const { system, version, code, abstract, inactive, designations } = member;
  const translated =
    displayLanguage === undefined
      ? undefined
      : designations.find((it) => speaks(textAt(it, 'language'), displayLanguage));
  const display = (translated && textAt(translated, 'value')) ?? member.display;
  return {
    system,
    ...(abstract && { abstract }),
    ...(inactive && { inactive }),
    ...(version !== undefined && { version }),
    code,
    ...(display !== undefined && { display }),
    ...(includeDesignations && designations.length > 0 && { designation: objectsAt({ designations }, 'designations') }),
  };
}
