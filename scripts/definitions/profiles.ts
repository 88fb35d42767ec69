import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { published } from './published.ts';

const PREFIX = 'http://hl7.org/fhir/StructureDefinition/';

/** The vital signs profiles of R4 (observation-vitalsigns.html), which servers are expected to enforce when claimed. */
const VITAL_SIGNS = new Set([
  'vitalsigns', 'vitalspanel', 'resprate', 'heartrate', 'oxygensat', 'bodytemp', 'bodyheight', 'headcircum',
  'bodyweight', 'bmi', 'bp',
]); // biome-ignore format: a list of names

const KEPT = new Set<string>([
  'id', 'path', 'sliceName', 'slicing', 'min', 'max', 'type', 'contentReference', 'binding', 'isModifier', 'mustSupport',
]); // biome-ignore format: a list of names

/** The part of an element that is enforced; prose and mappings left out. */
const compactElement = (element: ElementDefinition): unknown => {
  const kept = Object.entries(element).filter(([key]) => KEPT.has(key) || /^(fixed|pattern|min|max)[A-Z]/.test(key));
  const constraint = (element.constraint ?? [])
    .filter(({ expression, key }) => expression !== undefined && key !== 'ele-1' && key !== 'ext-1')
    .map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));
  return { ...Object.fromEntries(kept), ...(constraint.length > 0 && { constraint }) };
};

const compact = (definition: StructureDefinition, part: 'snapshot' | 'differential'): unknown => ({
  resourceType: 'StructureDefinition',
  url: definition.url,
  name: definition.name,
  ...(definition.title !== undefined && { title: definition.title }),
  status: definition.status,
  kind: definition.kind,
  abstract: definition.abstract,
  ...(definition.context && { context: definition.context }),
  type: definition.type,
  baseDefinition: definition.baseDefinition,
  derivation: definition.derivation,
  [part]: { element: (definition[part]?.element ?? []).map(compactElement) },
});

/** Content of profiles.json: vital signs profiles with their snapshots, extension definitions with their differentials. */
export const profileTable = (): unknown => [
  ...published('profiles-others', 'StructureDefinition').map((profile) =>
    compact(profile, VITAL_SIGNS.has(profile.url.slice(PREFIX.length)) ? 'snapshot' : 'differential'),
  ),
  ...published('extension-definitions', 'StructureDefinition').map((extension) => compact(extension, 'differential')),
];
