import type { Json, JsonObject } from '../../src/fhir/resource.ts';

type Change = Readonly<Record<string, Json>>;

const T = { text: 'x' };
const P = { reference: 'Patient/1' };
const named = (name: string) => ({ name, status: 'draft', url: `http://example.org/${name}` });

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const verification = (type: string) => [
  { system: `http://terminology.hl7.org/CodeSystem/${type}`, code: 'entered-in-error' },
];
const clinical = (type: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${type}`, code: 'active' }],
});
const item = (change: JsonObject): Change => ({ item: [{ linkId: '1', text: 'x', type: 'choice', ...change }] });
const element = (change: JsonObject): Change => ({
  differential: {
    element: [
      { id: 'Patient', path: 'Patient' },
      { id: 'Patient.name', path: 'Patient.name', ...change },
    ],
  },
});
const root = (change: JsonObject): Change => ({
  differential: { element: [{ id: 'Patient', path: 'Patient', ...change }] },
});

/** A right resource of each type. */
// biome-ignore format: a table
export const RIGHT: Readonly<Record<string, JsonObject>> = {
  AllergyIntolerance: { patient: P, clinicalStatus: clinical('allergyintolerance-clinical') },
  Appointment: {
    status: 'booked',
    participant: [{ actor: P, status: 'accepted' }],
    start: '2020-01-01T10:00:00Z',
    end: '2020-01-01T11:00:00Z',
  },
  AuditEvent: {
    type: { code: 'x' },
    recorded: '2020-01-01T10:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'x' } },
    entity: [{ name: 'x' }],
  },
  Bundle: {
    type: 'collection',
    entry: [{ fullUrl: 'http://example.org/Basic/1', resource: { resourceType: 'Basic', id: '1', code: T } }],
  },
  CapabilityStatement: {
    ...named('C'),
    date: '2020',
    kind: 'requirements',
    description: 'x',
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server' }],
  },
  CarePlan: { status: 'active', intent: 'plan', subject: P, activity: [{ reference: { reference: 'Appointment/1' } }] },
  Composition: {
    status: 'final',
    type: T,
    date: '2020',
    author: [{ display: 'x' }],
    title: 'x',
    section: [{ title: 'x', text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' } }],
  },
  Condition: { subject: P },
  FamilyMemberHistory: { status: 'completed', patient: P, relationship: T, ageString: 'x' },
  ImplementationGuide: {
    ...named('IG'),
    packageId: 'x',
    fhirVersion: ['4.0.1'],
    definition: {
      grouping: [{ id: 'g', name: 'x' }],
      resource: [{ reference: { reference: 'Basic/1' }, groupingId: 'g' }],
    },
  },
  List: { status: 'current', mode: 'working', entry: [{ item: { display: 'x' } }] },
  MeasureReport: {
    status: 'complete',
    type: 'data-collection',
    measure: 'urn:m',
    period: { start: '2020' },
  },
  MedicationDispense: { status: 'unknown', medicationCodeableConcept: T, whenPrepared: '2020-01-02' },
  MessageDefinition: { ...named('M'), date: '2020', eventUri: 'urn:x', focus: [{ code: 'Patient', min: 0, max: '2' }] },
  MolecularSequence: { coordinateSystem: 0 },
  NamingSystem: {
    ...without(named('N'), 'url'),
    kind: 'root',
    date: '2020',
    uniqueId: [{ type: 'oid', value: '1.2' }],
  },
  Observation: { status: 'final', code: { coding: [{ system: 'urn:s', code: 'a' }] }, valueString: 'x' },
  OperationDefinition: {
    ...named('O'),
    kind: 'operation',
    code: 'x',
    system: true,
    type: false,
    instance: false,
    parameter: [{ name: 'x', use: 'in', min: 0, max: '1', type: 'Reference', targetProfile: ['urn:x'] }],
  },
  Organization: { name: 'x' },
  PlanDefinition: {
    ...named('Pl'),
    action: [
      {
        trigger: [
          { type: 'periodic', timingTiming: { repeat: { when: ['AC'], frequency: 1, period: 1, periodUnit: 'd' } } },
        ],
      },
    ],
  },
  Questionnaire: { ...named('Q'), item: [{ linkId: '1', type: 'choice', text: 'x' }] },
  QuestionnaireResponse: { status: 'completed', item: [{ linkId: '1', item: [{ linkId: '2' }] }] },
  RiskAssessment: { status: 'final', subject: P, prediction: [{ probabilityDecimal: 1 }] },
  SearchParameter: {
    ...named('S'),
    description: 'x',
    code: 'x',
    base: ['Patient'],
    type: 'reference',
    chain: ['x'],
    target: ['Patient'],
    expression: 'x',
  },
  ServiceRequest: { status: 'active', intent: 'order', subject: P, code: T, orderDetail: [T] },
  StructureDefinition: {
    ...named('SD'),
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    derivation: 'constraint',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
    differential: {
      element: [
        { id: 'Patient', path: 'Patient' },
        { id: 'Patient.name', path: 'Patient.name' },
      ],
    },
  },
  TerminologyCapabilities: {
    ...named('T'),
    date: '2020',
    kind: 'instance',
    description: 'x',
    implementation: { description: 'x' },
  },
  TestScript: {
    ...named('TS'),
    variable: [{ name: 'x', path: 'x', sourceId: 'f' }],
    fixture: [{ id: 'f', autocreate: false, autodelete: false }],
  },
  ValueSet: { ...named('V'), compose: { include: [{ system: 'urn:s', concept: [{ code: 'a' }] }] } },
};

/** A change of the right resource that an invariant forbids: key, type, change, place. */
// biome-ignore format: a table
export const WRONG: readonly (readonly [key: string, type: string, change: Change, place: string])[] = [
  ['ait-2', 'AllergyIntolerance', { verificationStatus: { coding: verification('allergyintolerance-verification') }, clinicalStatus: clinical('allergyintolerance-clinical') }, ''],
  ['app-4', 'Appointment', { cancelationReason: T }, ''],
  ['sev-1', 'AuditEvent', { entity: [{ name: 'x', query: 'AAAA' }] }, 'entity[0]'],
  ['bdl-1', 'Bundle', { total: 1 }, ''],
  ['bdl-2', 'Bundle', { entry: [{ resource: { resourceType: 'Basic', code: T }, search: { mode: 'match' } }] }, ''],
  ['bdl-8', 'Bundle', { entry: [{ fullUrl: 'http://example.org/Basic/1/_history/1', resource: { resourceType: 'Basic', code: T } }] }, 'entry[0]'],
  ['bdl-9', 'Bundle', { type: 'document', timestamp: '2020-01-01T10:00:00Z' }, ''],
  ['bdl-10', 'Bundle', { type: 'document', identifier: { system: 'urn:x', value: '1' } }, ''],
  ['bdl-11', 'Bundle', { type: 'document', identifier: { system: 'urn:x', value: '1' }, timestamp: '2020-01-01T10:00:00Z' }, ''],
  ['bdl-12', 'Bundle', { type: 'message' }, ''],
  ['cpb-16', 'CapabilityStatement', { software: { name: 'x' } }, ''],
  ['cpl-3', 'CarePlan', { activity: [{ reference: { reference: 'Appointment/1' }, detail: { status: 'scheduled' } }] }, 'activity[0]'],
  ['cmp-2', 'Composition', { section: [{ title: 'x', emptyReason: T, entry: [{ display: 'x' }] }] }, 'section[0]'],
  ['con-4', 'Condition', { abatementString: 'x', clinicalStatus: clinical('condition-clinical') }, ''],
  ['con-5', 'Condition', { verificationStatus: { coding: verification('condition-ver-status') }, clinicalStatus: { coding: [{ system: CLINICAL, code: 'active' }] } }, ''],
  ['fhs-1', 'FamilyMemberHistory', { bornString: 'x' }, ''],
  ['ig-1', 'ImplementationGuide', { definition: { grouping: [{ id: 'g', name: 'x' }], resource: [{ reference: { reference: 'Basic/1' }, groupingId: 'h' }] } }, 'definition'],
  ['ig-2', 'ImplementationGuide', { definition: { resource: [{ reference: { reference: 'Basic/1' }, fhirVersion: ['3.0.1'] }] } }, ''],
  ['lst-1', 'List', { emptyReason: T }, ''],
  ['lst-2', 'List', { entry: [{ item: { display: 'x' }, deleted: true }] }, ''],
  ['lst-3', 'List', { mode: 'snapshot', entry: [{ item: { display: 'x' }, date: '2020' }] }, ''],
  ['mrp-1', 'MeasureReport', { group: [{ code: T }] }, ''],
  ['mdd-1', 'MedicationDispense', { whenHandedOver: '2020-01-01' }, ''],
  ['md-1', 'MessageDefinition', { focus: [{ code: 'Patient', min: 0, max: '0' }] }, 'focus[0]'],
  ['msq-3', 'MolecularSequence', { coordinateSystem: 2 }, ''],
  ['nsd-1', 'NamingSystem', { uniqueId: [{ type: 'uuid', value: 'x' }] }, ''],
  ['obs-6', 'Observation', { dataAbsentReason: T }, ''],
  ['obs-7', 'Observation', { component: [{ code: { coding: [{ system: 'urn:s', code: 'a' }] } }] }, ''],
  ['opd-3', 'OperationDefinition', { parameter: [{ name: 'x', use: 'in', min: 0, max: '1', type: 'string', targetProfile: ['urn:x'] }] }, 'parameter[0]'],
  ['org-2', 'Organization', { address: [{ use: 'home', text: 'x' }] }, 'address[0]'],
  ['org-3', 'Organization', { telecom: [{ use: 'home', system: 'phone', value: '1' }] }, 'telecom[0]'],
  ['tim-10', 'PlanDefinition', { action: [{ timingTiming: { repeat: { when: ['AC'], timeOfDay: ['10:00:00'] } } }] }, 'action[0].timingTiming.repeat'],
  ['trd-1', 'PlanDefinition', { action: [{ trigger: [{ type: 'periodic', timingDate: '2020', data: [{ type: 'Patient' }] }] }] }, 'action[0].trigger[0]'],
  ['drq-2', 'PlanDefinition', { action: [{ trigger: [{ type: 'data-added', data: [{ type: 'Patient', dateFilter: [{ path: 'x', searchParam: 'x', valueDateTime: '2020' }] }] }] }] }, 'action[0].trigger[0].data[0].dateFilter[0]'],
  ['que-3', 'Questionnaire', item({ type: 'display', code: [{ code: 'x' }] }), 'item[0]'],
  ['que-4', 'Questionnaire', item({ answerOption: [{ valueString: 'x' }], answerValueSet: 'urn:x' }), 'item[0]'],
  ['que-6', 'Questionnaire', item({ type: 'display', required: true }), 'item[0]'],
  ['que-7', 'Questionnaire', item({ enableWhen: [{ question: '2', operator: 'exists', answerString: 'x' }] }), 'item[0].enableWhen[0]'],
  ['que-8', 'Questionnaire', item({ type: 'group', initial: [{ valueString: 'x' }] }), 'item[0]'],
  ['que-9', 'Questionnaire', item({ type: 'display', readOnly: true }), 'item[0]'],
  ['que-10', 'Questionnaire', item({ maxLength: 3 }), 'item[0]'],
  ['que-11', 'Questionnaire', item({ answerOption: [{ valueString: 'x' }], initial: [{ valueString: 'x' }] }), 'item[0]'],
  ['que-12', 'Questionnaire', item({ enableWhen: ['2', '3', '4'].map((question) => ({ question, operator: '=', answerString: 'x' })) }), 'item[0]'],
  ['que-13', 'Questionnaire', item({ initial: [{ valueString: 'x' }, { valueString: 'y' }] }), 'item[0]'],
  ['qrs-1', 'QuestionnaireResponse', { item: [{ linkId: '1', answer: [{ valueString: 'x' }], item: [{ linkId: '2' }] }] }, 'item[0]'],
  ['ras-1', 'RiskAssessment', { prediction: [{ probabilityRange: { low: { value: 1, system: 'http://unitsofmeasure.org', code: 'kg' } } }] }, 'prediction[0].probabilityRange'],
  ['ras-2', 'RiskAssessment', { prediction: [{ probabilityDecimal: 101 }] }, 'prediction[0]'],
  ['spd-2', 'SearchParameter', { type: 'token' }, ''],
  ['sdf-2', 'StructureDefinition', { mapping: [{ identity: 'x' }] }, 'mapping[0]'],
  ['sdf-9', 'StructureDefinition', root({ label: 'x' }), ''],
  ['sdf-18', 'StructureDefinition', { contextInvariant: ['true'] }, ''],
  ['sdf-20', 'StructureDefinition', root({ slicing: { rules: 'open', description: 'x' } }), 'differential'],
  ['sdf-21', 'StructureDefinition', element({ defaultValueString: 'x' }), ''],
  ['sdf-23', 'StructureDefinition', root({ sliceName: 'x' }), ''],
  ['eld-1', 'StructureDefinition', element({ slicing: { rules: 'open' } }), 'differential.element[1].slicing'],
  ['eld-2', 'StructureDefinition', element({ min: 2, max: '1' }), 'differential.element[1]'],
  ['eld-3', 'StructureDefinition', element({ max: '-1' }), 'differential.element[1].max'],
  ['eld-4', 'StructureDefinition', element({ type: [{ code: 'string', aggregation: ['bundled'] }] }), 'differential.element[1].type[0]'],
  ['eld-5', 'StructureDefinition', element({ contentReference: '#x', maxLength: 1 }), 'differential.element[1]'],
  ['eld-6', 'StructureDefinition', element({ fixedString: 'x', type: [{ code: 'string' }, { code: 'code' }] }), 'differential.element[1]'],
  ['eld-7', 'StructureDefinition', element({ patternString: 'x', type: [{ code: 'string' }, { code: 'code' }] }), 'differential.element[1]'],
  ['eld-8', 'StructureDefinition', element({ patternString: 'x', fixedString: 'x' }), 'differential.element[1]'],
  ['eld-15', 'StructureDefinition', element({ defaultValueString: 'x', meaningWhenMissing: 'x' }), 'differential.element[1]'],
  ['eld-16', 'StructureDefinition', element({ sliceName: 'a b' }), 'differential.element[1]'],
  ['eld-17', 'StructureDefinition', element({ type: [{ code: 'string', targetProfile: ['urn:x'] }] }), 'differential.element[1].type[0]'],
  ['eld-22', 'StructureDefinition', element({ sliceIsConstraining: true }), 'differential.element[1]'],
  ['prr-1', 'ServiceRequest', { code: [] , orderDetail: [T] }, ''],
  ['tcp-2', 'TerminologyCapabilities', { kind: 'requirements', description: [], implementation: [] }, ''],
  ['tcp-5', 'TerminologyCapabilities', { kind: 'requirements' }, ''],
  ['tst-3', 'TestScript', { variable: [{ name: 'x', path: 'x', headerField: 'x', expression: 'x' }] }, 'variable[0]'],
  ['eld-3', 'StructureDefinition', element({ max: 'many' }), 'differential.element[1].max'],
  ['md-1', 'MessageDefinition', { focus: [{ code: 'Patient', min: 0, max: 'many' }] }, 'focus[0]'],
  ['opd-2', 'OperationDefinition', { parameter: [{ name: 'x', use: 'in', min: 0, max: '1', searchType: 'token' }] }, 'parameter[0]'],
  ['ras-1', 'RiskAssessment', { prediction: [{ probabilityRange: { low: { value: 1 } } }] }, 'prediction[0].probabilityRange'],
  ['vsd-9', 'ValueSet', { expansion: { timestamp: '2020-01-01T10:00:00Z', contains: [{ display: 'x' }] } }, 'expansion.contains[0]'],
  ['vsd-3', 'ValueSet', { compose: { include: [{ system: 'urn:s', concept: [{ code: 'a' }], filter: [{ property: 'x', op: '=', value: 'x' }] }] } }, 'compose.include[0]'],
];
