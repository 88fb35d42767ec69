import type { CodeSystem, CodeSystemConcept, ConceptMap, ValueSet } from 'fhir/r4.js';
import { published } from './published.ts';

const FILES = ['valuesets', 'v3-codesystems', 'v2-tables'];

const byUrl = <T extends { readonly url?: string | undefined }>(resources: readonly T[]): readonly T[] =>
  [...new Map(resources.map((it) => [it.url ?? '', it])).values()].sort((a, b) =>
    (a.url ?? '') < (b.url ?? '') ? -1 : 1,
  );

/** Translations are kept; what only editors read is not. */
const concept = ({ code, display, definition, designation, property, concept: inner }: CodeSystemConcept): unknown => ({
  code,
  display,
  definition: definition === display ? undefined : definition?.replace(/\s+/g, ' ').trim(),
  designation: designation?.map(({ language, use, value }) => ({ language, use, value })),
  property: property?.filter((it) => it.code !== 'deprecationDate'),
  concept: inner?.map(concept),
});

const codeSystem = (it: CodeSystem): unknown => ({
  resourceType: it.resourceType,
  url: it.url,
  version: it.version,
  name: it.name,
  title: it.title,
  content: it.content,
  caseSensitive: it.caseSensitive,
  valueSet: it.valueSet,
  property: it.property?.map(({ code, type, uri, description }) => ({ code, type, uri, description })),
  concept: it.content === 'supplement' ? undefined : it.concept?.map(concept),
});

const valueSet = (it: ValueSet): unknown => ({
  resourceType: it.resourceType,
  url: it.url,
  version: it.version,
  name: it.name,
  title: it.title,
  status: it.status,
  compose: it.compose,
});

const conceptMap = ({ url, version, name, title, status, ...it }: ConceptMap): unknown => ({
  resourceType: it.resourceType,
  url,
  version,
  name,
  title,
  status,
  sourceUri: it.sourceUri ?? it.sourceCanonical,
  targetUri: it.targetUri ?? it.targetCanonical,
  group: it.group,
});

/** Content of terminology.json.gz: code systems, value sets and concept maps of R4 as resources, cut to what terminology operations read. */
export const terminologyTable = (): unknown => ({
  codeSystems: byUrl(FILES.flatMap((file) => published(file, 'CodeSystem'))).map(codeSystem),
  valueSets: byUrl(FILES.flatMap((file) => published(file, 'ValueSet'))).map(valueSet),
  conceptMaps: byUrl(published('conceptmaps', 'ConceptMap')).map(conceptMap),
});
