import type { JsonObject } from '../resource.ts';
import type { ChoiceMember } from './model.ts';

/** The types that R4 lets stand in a choice (datatypes.html#open), as written in member names. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ...(
    'base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time ' +
    'unsignedInt uri url uuid'
  )
    .split(' ')
    .map((type) => [`${type.charAt(0).toUpperCase()}${type.slice(1)}`, type] as const),
  ...(
    'Address Age Annotation Attachment CodeableConcept Coding ContactDetail ContactPoint Contributor Count DataRequirement ' +
    'Distance Dosage Duration Expression HumanName Identifier Meta Money ParameterDefinition Period Quantity Range Ratio ' +
    'Reference RelatedArtifact SampledData Signature Timing TriggerDefinition UsageContext'
  )
    .split(' ')
    .map((type) => [type, type] as const),
]);

/** Without a model: the member that stands for the choice `name`, by its ending. */
export const guessChoice = (value: JsonObject, name: string): ChoiceMember | undefined => {
  for (const key in value) {
    const start = key.charCodeAt(0) === 95 ? 1 : 0;
    if (key.charCodeAt(start) !== name.charCodeAt(0) || !key.startsWith(name, start)) continue;
    const type = SUFFIXES.get(key.slice(start + name.length));
    if (type !== undefined) return { member: key.slice(start), type };
  }
  return undefined;
};
