import type { CodeSystem, Concept } from '../../src/conformance/terminology/code-system.ts';
import { heldSystem } from '../../src/conformance/terminology/expand.ts';
import { objectsAt, textAt } from '../../src/conformance/terminology/read.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Json, JsonObject } from '../../src/fhir/resource.ts';
import { withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { operation } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { codesAsked } from './codes-asked.ts';
import { lookupDefinition } from './code-system-definitions.ts';
import { displayIn, speaks } from './language.ts';

/** `CodeSystem/$lookup`. */
export const lookupOperation = operation(lookupDefinition, async (call) => {
  const { input } = call;
  const [asked] = codesAsked(input);
  if (asked === undefined) throw new Problem('unexpected', 'No code was asked for');
  const system = await withStoredDefinitions(
    call,
    (terminology) => heldSystem(terminology, asked.system, asked.version ?? input.version, 'system'),
    input.date,
  );
  const concept = system.concept(asked.code);
  if (concept === undefined)
    throw new Problem('not-found', `The code '${asked.code}' is not known in '${asked.system}'`, {
      expression: ['code'],
    });
  return outputAnswer(lookupDefinition, {
    name: textAt(system.resource, 'title') ?? textAt(system.resource, 'name') ?? system.url,
    version: system.version,
    display: displayIn(concept.designations, input.displayLanguage) ?? concept.display ?? concept.code,
    designation: concept.designations.filter(wanted(input.property)).map(designation),
    property: propertiesOf(system, concept, input.property),
  });
});

/** All designations where no property is named; else all where `designation` is, or those of the languages named. */
const wanted =
  (named: readonly string[]) =>
  (it: JsonObject): boolean =>
    named.length === 0 ||
    named.some(
      (name) =>
        name === 'designation' ||
        (name.startsWith('lang.') && speaks(textAt(it, 'language'), name.slice('lang.'.length))),
    );

const designation = (it: JsonObject): readonly JsonObject[] => [
  ...(it['language'] === undefined ? [] : [{ name: 'language', valueCode: it['language'] }]),
  ...(it['use'] === undefined ? [] : [{ name: 'use', valueCoding: it['use'] }]),
  { name: 'value', valueString: it['value'] },
];

const SYNONYMS = new Set(['parent', 'child', 'subsumedBy']);

/** Each property as its parts; with names, only those. */
function propertiesOf(system: CodeSystem, concept: Concept, named: readonly string[]): readonly Json[] {
  const parts = (code: string, member: string, value: Json, description?: string): JsonObject[] => [
    { name: 'code', valueCode: code },
    { name: 'value', [member]: value },
    ...(description === undefined ? [] : [{ name: 'description', valueString: description }]),
  ];
  const related = (code: string, codes: readonly string[]) =>
    codes.map((other) => ({ code, parts: parts(code, 'valueCode', other, system.concept(other)?.display) }));
  const own = objectsAt({ properties: concept.properties }, 'properties').flatMap((property) => {
    const code = textAt(property, 'code');
    const [member, value] = Object.entries(property).find(([name]) => name.startsWith('value')) ?? [];
    if (code === undefined || SYNONYMS.has(code) || member === undefined || value === undefined) return [];
    return [{ code, parts: parts(code, member, value) }];
  });
  const all = [
    ...(concept.definition === undefined
      ? []
      : [{ code: 'definition', parts: parts('definition', 'valueString', concept.definition) }]),
    ...related('parent', concept.parents),
    ...related('child', concept.children),
    ...own,
  ];
  return all.filter(({ code }) => named.length === 0 || named.includes(code)).map((it) => it.parts);
}
