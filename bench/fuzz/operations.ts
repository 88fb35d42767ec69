import type { JsonObject } from '../../src/fhir/resource.ts';
import type { Material } from './material.ts';
import { fhirJson } from './media-types.ts';
import { mutatedJson } from './mutate.ts';
import { oddText, percentEncoded } from './odd-values.ts';
import type { Random } from './random.ts';
import { type FuzzRequest, jsonRequest } from './request.ts';

const NAMES = [
  'resource',
  'profile',
  'mode',
  'url',
  'code',
  'system',
  'coding',
  'codeA',
  'codeB',
  'filter',
  'count',
  'offset',
  'start',
  'end',
  '_type',
  '_since',
  '_count',
  'query',
  'variables',
  'operationName',
  'meta',
  'identifier',
  'subject',
  'patient',
  'max',
  'statistic',
  'period',
  'onlyCertainMatches',
  'valueSet',
  'version',
  'target',
  'graph',
  'persist',
];
const SYSTEMS = [
  'http://loinc.org',
  'http://hl7.org/fhir/administrative-gender',
  'http://hl7.org/fhir/ValueSet/administrative-gender',
  'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  'http://hl7.org/fhir/ValueSet/all-types',
  'http://nowhere.test',
];
const GRAPHS = [
  '{Patient(id:"p1"){id name{family}}}',
  '{PatientList(name:"a",_count:5){id}}',
  '{Patient(id:"p1"){...a}} fragment a on Patient{...a}',
  'query($x:String){PatientList(name:$x){id}}',
  `{${'a:Patient(id:"p1"){id} '.repeat(3000)}}`,
  `{ObservationList{subject{resource{${'... on Patient{managingOrganization{resource{'.repeat(60)}`,
  '{__schema{types{name fields{name type{name ofType{name}}}}}}',
  '{__typename}',
  'mutation{PatientDelete(id:"p1"){id}}',
  '{',
  '',
];

function part(random: Random, material: Material): JsonObject {
  const name = random.chance(0.95) ? random.pick(NAMES) : oddText(random);
  const resource = random.pick(material.resources);
  return random.pick<JsonObject>([
    { name, valueString: oddText(random) },
    { name, valueUri: random.pick(SYSTEMS) },
    { name, valueCode: random.pick(['male', 'a', '8867-4']) },
    { name, valueInteger: random.pick([0, 1, -1, 1_000_000_000]) },
    { name, valueBoolean: true },
    { name, valueDate: '2026-02-28' },
    { name, valueCoding: { system: random.pick(SYSTEMS), code: 'male' } },
    { name, valueIdentifier: { system: 'urn:x', value: oddText(random) } },
    { name, valueMeta: { tag: [{ system: 'urn:x', code: 'a' }] } },
    { name, valueReference: { reference: 'Patient/p1' } },
    { name: 'resource', resource },
    { name, part: [{ name: 'a', valueString: 'b' }] },
    { name: 'query', valueString: random.pick(GRAPHS) },
    { name },
  ]);
}

/** An operation by GET or POST, at any level. */
export function operationRequest(random: Random, material: Material): FuzzRequest {
  const operation = random.chance(0.97)
    ? random.pick(material.operations)
    : `$${percentEncoded(oddText(random)).slice(0, 500)}`;
  const [type, name = ''] = operation.includes('/') ? operation.split('/') : ['', operation];
  const where = random.pick(
    type === '' ? [name] : [`${type}/${name}`, `${type}/p1/${name}`, `${type}/f${random.below(200)}/${name}`, name],
  );
  if (random.chance(0.4)) {
    const query = random.several(
      0,
      3,
      () =>
        `${random.pick(NAMES)}=${percentEncoded(random.pick([...SYSTEMS, ...GRAPHS, 'male', '5', oddText(random)])).slice(0, 4000)}`,
    );
    return { method: 'GET', target: `/fhir/${where}?${query.join('&')}`, headers: [] };
  }
  if (name === '$graphql' && random.chance(0.6)) {
    const text = JSON.stringify({ query: random.pick(GRAPHS), variables: { x: oddText(random) } });
    return jsonRequest('POST', `/fhir/${where}`, text, random.pick(['application/json', 'application/graphql']));
  }
  const resource = random.pick(material.resources);
  const text = JSON.stringify(
    random.chance(0.3)
      ? resource
      : { resourceType: 'Parameters', parameter: random.several(0, 4, () => part(random, material)) },
  );
  return jsonRequest('POST', `/fhir/${where}`, random.chance(0.5) ? text : mutatedJson(random, text), fhirJson);
}
