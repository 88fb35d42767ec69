import { expand, type Expansion, type Member } from '../../src/conformance/terminology/expand.ts';
import { canonicalParts, textAt } from '../../src/conformance/terminology/read.ts';
import { SystemVersions } from '../../src/conformance/terminology/system-versions.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { operation, type InputOf } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { fold } from '../../src/search/fold.ts';
import { contains } from './contains.ts';
import { nested } from './nesting.ts';
import { expandDefinition } from './value-set-definitions.ts';
import { valueSetMeant } from './value-set.ts';

type Input = InputOf<typeof expandDefinition>;
const UNCLOSED = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';

/** `ValueSet/$expand` and `ValueSet/[id]/$expand`. */
export const expandOperation = operation(expandDefinition, async (call) => {
  const { input, world } = call;
  requireSensible(input);
  const versions = new SystemVersions(input);
  const meant = await valueSetMeant(call);
  const made = await withStoredDefinitions(
    call,
    (terminology) => {
      const set = meant(terminology);
      return { terminology, set, expansion: expand(terminology, set, undefined, versions) };
    },
    input.date,
  );
  const chosen = made.expansion.members.filter(wanted(input));
  return outputAnswer(expandDefinition, {
    return: {
      ...head(made.set, input.includeDefinition === true),
      expansion: {
        ...(made.expansion.unclosed && { extension: [{ url: UNCLOSED, valueBoolean: true }] }),
        identifier: `urn:uuid:${world.newId()}`,
        timestamp: instantText(world.now()),
        total: chosen.length,
        ...listed(input, made, chosen),
      },
    },
  });
});

interface Made {
  readonly terminology: Terminology;
  readonly expansion: Expansion;
}

/** The offset, where there are pages, the parameters and the codes. */
function listed(input: Input, { terminology, expansion }: Made, members: readonly Member[]): JsonObject {
  const { offset, count } = input;
  // Only a flat list has pages; in a tree a count of 0 still asks for the size alone (valueset-operation-expand.html).
  const tree = input.excludeNested === false;
  const paged = !tree && (offset !== undefined || count !== undefined);
  const from = tree ? 0 : (offset ?? 0);
  const to = count === undefined || (tree && count > 0) ? undefined : from + count;
  const page = members.slice(from, to);
  const nodes = tree ? nested(terminology, page) : page.map((member) => ({ member, below: [] }));
  return {
    ...(paged && { offset: from }),
    parameter: parametersOf(input, expansion),
    ...(nodes.length > 0 && { contains: nodes.map((node) => contains(node, input)) }),
  };
}

function requireSensible(input: Input): void {
  const wrong = (name: string, why: string): never => {
    throw new Problem('invalid', why, { expression: [name] });
  };
  for (const name of ['offset', 'count'] as const)
    if ((input[name] ?? 0) < 0) wrong(name, `'${name}' is ${input[name]}; it must not be negative`);
  const { contextDirection, context } = input;
  if (contextDirection === undefined) return;
  if (contextDirection !== 'incoming' && contextDirection !== 'outgoing')
    wrong('contextDirection', `'${contextDirection}' is not one of incoming, outgoing`);
  if (context === undefined) wrong('contextDirection', "'contextDirection' needs a 'context'");
}

/** Every word of the filter must be in a display that the code has, in whatever language, or in the code; case and accents do not matter. */
function wanted(input: Input): (member: Member) => boolean {
  const { filter, activeOnly, excludeNotForUI } = input;
  const words = filter === undefined ? [] : fold(filter).split(' ');
  const excluded = input['exclude-system'].map(canonicalParts);
  return ({ system, version, inactive, abstract, code, display, designations }) => {
    if ((activeOnly && inactive) || (excludeNotForUI && abstract)) return false;
    if (excluded.some((it) => it.url === system && (it.version === undefined || it.version === version))) return false;
    if (words.length === 0) return true;
    const displays = [display, ...designations.map((it) => textAt(it, 'value'))].filter((it) => it !== undefined);
    return [...displays, ''].some((it) => {
      const text = `${fold(it)} ${fold(code)} ${code.toLowerCase()}`;
      return words.every((word) => text.includes(word));
    });
  };
}

const HEAD = ['id', 'url', 'version', 'name', 'title'] as const;
const head = (set: JsonObject, whole: boolean) => ({
  ...(whole ? set : Object.fromEntries(HEAD.flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]]])))),
  resourceType: 'ValueSet',
  status: textAt(set, 'status') ?? 'active',
});

const VALUES: Readonly<Record<string, string>> = {
  boolean: 'valueBoolean',
  integer: 'valueInteger',
  uri: 'valueUri',
  canonical: 'valueUri',
  code: 'valueCode',
  dateTime: 'valueDateTime',
  string: 'valueString',
};
const NAMING = new Set(['url', 'valueSet', 'valueSetVersion']);

/** What the expansion depends on (ValueSet.expansion.parameter). */
function parametersOf(input: Input, { systems }: Expansion): readonly JsonObject[] {
  const stated = expandDefinition.parameter.flatMap(({ name, use, type }): readonly JsonObject[] => {
    const member = VALUES[type];
    if (use !== 'in' || NAMING.has(name) || member === undefined) return [];
    const value = input[name as keyof Input];
    const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
    return values.map((one) => ({ name, [member]: one }));
  });
  return [...stated, ...[...systems].map((system) => ({ name: 'version', valueUri: system }))];
}
