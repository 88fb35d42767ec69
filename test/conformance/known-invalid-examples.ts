const EMPTY_NARRATIVE = 'its narrative holds white space alone (txt-2)';
const NO_BASE = 'lacks SearchParameter.base, which is required';
const PATTERN = 'a logical model that is not abstract and has no baseDefinition (sdf-4)';
const LONG_ID = 'refers to an id of 66 characters, and lacks name and status';
const MANIFEST = 'ImplementationGuide.manifest.resource[11904].reference.reference';

/** Official examples that R4 itself forbids, by file, with what is wrong and where. */
export const KNOWN_INVALID: Readonly<Record<string, { readonly reason: string; readonly expression: string }>> = {
  'ActivityDefinition-blood-tubes-supply.json': { reason: EMPTY_NARRATIVE, expression: 'ActivityDefinition.text.div' },
  'ActivityDefinition-heart-valve-replacement.json': {
    reason: EMPTY_NARRATIVE,
    expression: 'ActivityDefinition.text.div',
  },
  'EventDefinition-example.json': { reason: EMPTY_NARRATIVE, expression: 'EventDefinition.text.div' },
  'Questionnaire-zika-virus-exposure-assessment.json': {
    reason: EMPTY_NARRATIVE,
    expression: 'Questionnaire.text.div',
  },
  'DeviceMetric-example.json': {
    reason: 'parent refers to a DeviceDefinition, R4 permits Device',
    expression: 'DeviceMetric.parent.reference',
  },
  'DeviceUseStatement-example.json': {
    reason: 'reasonReference refers to a Procedure, which R4 does not list',
    expression: 'DeviceUseStatement.reasonReference[0].reference',
  },
  'List-example-double-cousin-relationship.json': {
    reason: 'an age in "b", which is no unit of time',
    expression: 'List.contained[5].ageAge.code',
  },
  'MedicationRequest-medrx0301.json': {
    reason: 'the dispenser is a Practitioner, R4 permits Organization',
    expression: 'MedicationRequest.dispenseRequest.performer.reference',
  },
  'Observation-clinical-gender.json': {
    reason: 'the performer is an Encounter',
    expression: 'Observation.performer[0].reference',
  },
  'ImplementationGuide-fhir.json': { reason: LONG_ID, expression: MANIFEST },
  'ig-r4.json': { reason: LONG_ID, expression: MANIFEST },
  'Questionnaire-qs1.json': { reason: 'items without linkId', expression: 'Questionnaire.item[0].item[0].linkId' },
  'SearchParameter-codesystem-extensions-CodeSystem-author.json': {
    reason: NO_BASE,
    expression: 'SearchParameter.base',
  },
  'SearchParameter-codesystem-extensions-CodeSystem-effective.json': {
    reason: NO_BASE,
    expression: 'SearchParameter.base',
  },
  'SearchParameter-codesystem-extensions-CodeSystem-end.json': { reason: NO_BASE, expression: 'SearchParameter.base' },
  'SearchParameter-codesystem-extensions-CodeSystem-keyword.json': {
    reason: NO_BASE,
    expression: 'SearchParameter.base',
  },
  'SearchParameter-codesystem-extensions-CodeSystem-workflow.json': {
    reason: NO_BASE,
    expression: 'SearchParameter.base',
  },
  'SearchParameter-valueset-extensions-ValueSet-author.json': { reason: NO_BASE, expression: 'SearchParameter.base' },
  'SearchParameter-valueset-extensions-ValueSet-effective.json': {
    reason: NO_BASE,
    expression: 'SearchParameter.base',
  },
  'SearchParameter-valueset-extensions-ValueSet-end.json': { reason: NO_BASE, expression: 'SearchParameter.base' },
  'SearchParameter-valueset-extensions-ValueSet-keyword.json': { reason: NO_BASE, expression: 'SearchParameter.base' },
  'SearchParameter-valueset-extensions-ValueSet-workflow.json': { reason: NO_BASE, expression: 'SearchParameter.base' },
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json': {
    reason: 'its id has 66 characters, 64 are allowed',
    expression: 'SearchParameter.id',
  },
  'StructureDefinition-Definition.json': { reason: PATTERN, expression: 'StructureDefinition' },
  'StructureDefinition-Event.json': { reason: PATTERN, expression: 'StructureDefinition' },
  'StructureDefinition-FiveWs.json': { reason: PATTERN, expression: 'StructureDefinition' },
  'StructureDefinition-Request.json': { reason: PATTERN, expression: 'StructureDefinition' },
};
