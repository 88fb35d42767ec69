export const fhirJson = 'application/fhir+json';
export const fhirXml = 'application/fhir+xml';
export const jsonPatch = 'application/json-patch+json';
export const xmlPatch = 'application/xml-patch+xml';
export const form = 'application/x-www-form-urlencoded';

/** What clients state, and what they should not. */
export const STATED_TYPES: readonly string[] = [
  fhirJson,
  'application/json',
  `${fhirJson}; charset=utf-8`,
  `${fhirJson}; charset=utf-16`,
  `${fhirJson}; charset="`,
  fhirXml,
  'text/xml',
  jsonPatch,
  xmlPatch,
  form,
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html',
  'application/octet-stream',
  'application/fhir+turtle',
  '',
  ';',
  '/',
  '*/*',
  'application/',
  'a'.repeat(2000),
  '__proto__/constructor',
];

export const ACCEPTED: readonly string[] = [
  fhirJson,
  fhirXml,
  'application/xml',
  'text/html',
  '*/*',
  'application/json;q=0.5, text/html;q=0',
  'image/png',
  'application/fhir+json;fhirVersion=4.0',
  ';q=,,,',
  'application/fhir+json;q=NaN',
  ',',
];
