import { isObject, type Json, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { LOINC } from '../../src/series/codes.ts';

/** A section of the summary: which resources belong there, and what is said where there are none. */
export interface SectionPlan {
  readonly title: string;
  readonly code: JsonObject;
  readonly from: readonly Source[];
  /** Made where nothing is known; only required sections say so. */
  readonly absent?: (patient: string) => Resource;
}
interface Source {
  readonly type: string;
  /** Category code that Observations must have. */
  readonly category?: string;
  readonly belongs: (resource: Resource) => boolean;
}

/** Code of a CodeableConcept in whatever system. */
const codeOf = (concept: Json | undefined): string | undefined => {
  const [coding] = isObject(concept) ? listOf(concept['coding']).filter(isObject) : [];
  return typeof coding?.['code'] === 'string' ? coding['code'] : undefined;
};
const loinc = (code: string, display: string): JsonObject => ({ coding: [{ system: LOINC, code, display }] });
const statusIs =
  (...statuses: readonly string[]) =>
  ({ status }: Resource): boolean =>
    typeof status === 'string' && statuses.includes(status);

const wrong = (resource: Resource): boolean =>
  ['entered-in-error', 'refuted'].includes(codeOf(resource['verificationStatus']) ?? '');
const over = (resource: Resource): boolean =>
  ['inactive', 'remission', 'resolved'].includes(codeOf(resource['clinicalStatus']) ?? '');

const ABSENT = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
const unknown = (code: string, display: string): JsonObject => ({
  coding: [{ system: ABSENT, code, display }],
  text: display,
});
const active = (system: string): JsonObject => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
});
const reported = statusIs('final', 'amended', 'corrected', 'preliminary');

/** In the order of the guide (http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips). */
export const SECTIONS: readonly SectionPlan[] = [
  {
    title: 'Problems',
    code: loinc('11450-4', 'Problem list - Reported'),
    from: [{ type: 'Condition', belongs: (condition) => !wrong(condition) && !over(condition) }],
    absent: (patient) => ({
      resourceType: 'Condition',
      clinicalStatus: active('condition-clinical'),
      code: unknown('no-problem-info', 'No information about problems'),
      subject: { reference: patient },
    }),
  },
  {
    title: 'Allergies and intolerances',
    code: loinc('48765-2', 'Allergies and adverse reactions Document'),
    from: [{ type: 'AllergyIntolerance', belongs: (allergy) => !wrong(allergy) && !over(allergy) }],
    absent: (patient) => ({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: active('allergyintolerance-clinical'),
      code: unknown('no-allergy-info', 'No information about allergies'),
      patient: { reference: patient },
    }),
  },
  {
    title: 'Medications',
    code: loinc('10160-0', 'History of Medication use Narrative'),
    from: [
      { type: 'MedicationStatement', belongs: statusIs('active', 'intended', 'on-hold', 'unknown') },
      { type: 'MedicationRequest', belongs: statusIs('active', 'on-hold', 'unknown') },
    ],
    absent: (patient) => ({
      resourceType: 'MedicationStatement',
      status: 'unknown',
      medicationCodeableConcept: unknown('no-medication-info', 'No information about medications'),
      subject: { reference: patient },
    }),
  },
  {
    title: 'Immunizations',
    code: loinc('11369-6', 'History of Immunization Narrative'),
    from: [{ type: 'Immunization', belongs: statusIs('completed') }],
  },
  {
    title: 'Procedures',
    code: loinc('47519-4', 'History of Procedures Document'),
    from: [{ type: 'Procedure', belongs: statusIs('completed', 'in-progress', 'on-hold', 'stopped') }],
  },
  {
    title: 'Results',
    code: loinc('30954-2', 'Relevant diagnostic tests/laboratory data Narrative'),
    from: [
      { type: 'Observation', category: 'laboratory', belongs: reported },
      { type: 'DiagnosticReport', belongs: reported },
    ],
  },
  {
    title: 'Vital signs',
    code: loinc('8716-3', 'Vital signs'),
    from: [{ type: 'Observation', category: 'vital-signs', belongs: reported }],
  },
  {
    title: 'Past problems',
    code: loinc('11348-0', 'History of Past illness Narrative'),
    from: [{ type: 'Condition', belongs: (condition) => !wrong(condition) && over(condition) }],
  },
];
