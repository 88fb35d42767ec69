import type { Registry } from '../conformance/registry.ts';
import { readXml } from '../conformance/xml/read-xml.ts';
import { parseJson } from '../fhir/json.ts';
import { isObject, isResource, type JsonObject } from '../fhir/resource.ts';
import type { Answer } from '../interactions/answer.ts';
import { jsonBytes } from './answer.ts';
import { isFhirType } from './negotiate.ts';
import type { Target } from './target.ts';

/** Of a Binary read natively: whose access rules hold for it (binary.html#security). */
const SECURITY_CONTEXT = 'X-Security-Context';
/** A media type that can stand in a header as it is. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[\x20-\x7e]*)?$/;

/** True for a read of one Binary or one of its versions. */
const isRead = (method: string | undefined, { path: [type, , third], path }: Target): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  type === 'Binary' &&
  (path.length === 2 || (path.length === 4 && third === '_history'));

/**
 * The content itself, in the type that the Binary states: "when a read request is made for the binary resource that
 * doesn't explicitly specify the FHIR content types" (binary.html#rest). `_format` and parts of it are asked of the resource.
 */
export function nativeAnswer(
  answer: Answer,
  method: string | undefined,
  target: Target,
  accept: string | undefined,
): Answer {
  const { status, headers, body } = answer;
  if (status !== 200 || body === undefined || body.kind === 'raw' || !isRead(method, target)) return answer;
  if (target.query.length > 0 || (accept ?? '').split(',').some(isFhirType)) return answer;
  const binary = parseJson(jsonBytes(body));
  if (!isObject(binary)) return answer;
  const { contentType, data = '', securityContext } = binary;
  if (typeof contentType !== 'string' || typeof data !== 'string' || !MEDIA_TYPE.test(contentType)) return answer;
  const context = isObject(securityContext) ? securityContext['reference'] : undefined;
  return {
    status,
    headers: { ...headers, ...(typeof context === 'string' && isAscii(context) && { [SECURITY_CONTEXT]: context }) },
    body: { kind: 'raw', bytes: Buffer.from(data, 'base64'), contentType },
  };
}

const isAscii = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/**
 * What is written to Binary as it is: "the data is accepted as is and treated as the content of a Binary", FHIR types
 * included "except for the special case where the content is actually a Binary resource" (binary.html#rest). Undefined
 * where it is one. Throws Problem `malformed-body` for a FHIR type that the body is not of.
 */
export function nativeBody(
  registry: Registry,
  { path, query }: Target,
  method: string,
  body: Buffer,
  headers: (name: string) => string | undefined,
): JsonObject | undefined {
  const [type, id] = path;
  const contentType = headers('content-type');
  if (type !== 'Binary' || contentType === undefined || contentType === '') return undefined;
  if (!(method === 'POST' && path.length === 1) && !(method === 'PUT' && path.length <= 2)) return undefined;
  if (isBinary(registry, body, contentType)) return undefined;
  const context = headers(SECURITY_CONTEXT.toLowerCase());
  return {
    resourceType: 'Binary',
    ...(method === 'PUT' && query.length === 0 && id !== undefined && { id }),
    contentType,
    ...(context !== undefined && { securityContext: { reference: context } }),
    ...(body.length > 0 && { data: body.toString('base64') }),
  };
}

/** True where the body is FHIR and a Binary, or says that it is FHIR and is no resource: whoever reads it refuses that. */
function isBinary(registry: Registry, body: Buffer, contentType: string): boolean {
  if (!isFhirType(contentType)) return false;
  if (body.length === 0) return true;
  if (!/xml/i.test(contentType)) {
    const json = parseJson(body);
    return isResource(json) ? json.resourceType === 'Binary' : /fhir/i.test(contentType);
  }
  return /<(?:[\w.-]+:)?Binary[\s/>]/.test(body.subarray(0, 1000).toString('latin1'))
    ? readXml(registry, body).resourceType === 'Binary'
    : false;
}
