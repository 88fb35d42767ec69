import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import { canonicalParts, withVersion } from '../../src/conformance/terminology/read.ts';
import { type Match, translate, translates, type Translation } from '../../src/conformance/terminology/translate.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { storedWhere, withStoredDefinitions } from '../../src/interactions/stored-terminology.ts';
import { operation, type InputOf, type OperationCall } from '../../src/operation/operation.ts';
import { outputAnswer } from '../../src/operation/output.ts';
import { codesAsked } from './codes-asked.ts';
import { translateDefinition } from './concept-map-definition.ts';
import { dependenciesOf } from './dependencies.ts';
import { givenDefinition } from './given-definition.ts';

type TranslateCall = OperationCall<InputOf<typeof translateDefinition>>;

/** `ConceptMap/$translate` and `ConceptMap/[id]/$translate`. */
export const translateOperation = operation(translateDefinition, async (call) => {
  const { input } = call;
  const codes = codesAsked(input);
  const maps = await mapsMeant(
    call,
    codes.map(({ system }) => system),
  );
  const dependencies = dependenciesOf(input.dependency, input.reverse ?? false);
  const translations = await withStoredDefinitions(call, (terminology) =>
    codes.map(({ system, code }) =>
      translate(terminology, maps, {
        system,
        code,
        source: input.source,
        target: input.target,
        targetSystem: input.targetsystem,
        reverse: input.reverse ?? false,
        dependencies,
      }),
    ),
  );
  const matches = translations.flatMap((translation) => translation.matches);
  const result = matches.some(translates);
  return outputAnswer(translateDefinition, {
    result,
    message: messageOf(
      codes.map(({ system, code }) => `${system}|${code}`),
      maps.length,
      translations,
    ),
    match: matches.map(parts),
  });
});

/** The map that is meant, or every map that can say something of a code of these systems. */
async function mapsMeant(call: TranslateCall, systems: readonly string[]): Promise<readonly JsonObject[]> {
  const { url, conceptMap, conceptMapVersion, reverse } = call.input;
  const given = await givenDefinition(call, { sent: ['conceptMap', conceptMap], named: ['url', url] });
  if (given !== undefined) return [given];
  if (url !== undefined) {
    const canonical = withVersion(url, conceptMapVersion);
    return withStoredDefinitions(call, (terminology) => {
      const found = terminology.conceptMap(canonical);
      if (found !== undefined) return [found];
      const parts = canonicalParts(canonical);
      throw new NotHeld('ConceptMap', parts.url, parts.version, 'url');
    });
  }
  const param = reverse === true ? 'target-system' : 'source-system';
  const stored = await Promise.all(
    systems.map((value) => storedWhere(call, 'ConceptMap', [{ kind: 'uri', param, match: 'exact', value }])),
  );
  return [
    ...new Map(stored.flat().map((map) => [map.id, map])).values(),
    ...call.world.registry.terminology.conceptMaps,
  ];
}

/** Why there is nothing, and what would find more. */
function messageOf(codes: readonly string[], maps: number, translations: readonly Translation[]): string | undefined {
  const matches = translations.flatMap((translation) => translation.matches);
  const needed = [...new Set(translations.flatMap((translation) => [...translation.needed]))];
  const said = matches.some(translates)
    ? []
    : [
        matches.length > 0
          ? `${codes.join(', ')} is mapped to nothing that it would be equivalent to`
          : `None of ${maps} concept maps translates ${codes.join(', ')} as asked`,
      ];
  if (needed.length > 0) said.push(`More depends on the value of ${needed.join(', ')}: state it as a dependency`);
  return said.length === 0 ? undefined : said.join('. ');
}

const parts = ({ equivalence, concept, products, source }: Match): readonly JsonObject[] => [
  { name: 'equivalence', valueCode: equivalence },
  ...(concept === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
  ...products.map(({ element, system, code, display }) => ({
    name: 'product',
    part: [
      { name: 'element', valueUri: element },
      { name: 'concept', valueCoding: { system, code, display } },
    ],
  })),
  ...(source === '' ? [] : [{ name: 'source', valueUri: source }]),
];
