import { Problem } from '../fhir/problem.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';
import { hasCode } from '../series/recorded.ts';

/** Data of one type, with one of the codes where any are stated (metadatatypes.html#DataRequirement). */
export interface DataRequirement {
  readonly type: string;
  /** Empty: any. */
  readonly codes: readonly { readonly system: string; readonly code: string }[];
}

/** Members that narrow the data in ways that are not served. */
const NARROWING = ['profile', 'dateFilter', 'limit', 'sort', 'subjectCodeableConcept', 'subjectReference'] as const;

/** @throws Problem `not-supported` where it asks for anything but a type and values of `code`. */
export function readRequirement(requirement: JsonObject, canonical: string, path: string): DataRequirement {
  const refused = (member: string, reason: string): Problem =>
    new Problem('not-supported', `${canonical}: ${reason}`, { expression: [`${path}.${member}`] });
  const { type } = requirement;
  if (typeof type !== 'string') throw refused('type', 'a data requirement names no type');
  const narrowing = NARROWING.find((member) => requirement[member] !== undefined);
  if (narrowing !== undefined) throw refused(narrowing, `data is not narrowed by ${narrowing}`);
  const filters = listOf(requirement['codeFilter']).filter(isObject);
  if (filters.length > 1) throw refused('codeFilter', 'one code filter is read');
  const codes = filters.flatMap((filter) => {
    const codings = listOf(filter['code']).filter(isObject);
    if (filter['path'] !== 'code' || filter['valueSet'] !== undefined || codings.length === 0)
      throw refused('codeFilter', 'a code filter lists codings of the path code');
    return codings.map((coding) => ({ system: String(coding['system']), code: String(coding['code']) }));
  });
  return { type, codes };
}

/** Whether a resource is such data. Pure. */
export const isSuchData = ({ type, codes }: DataRequirement, resource: Resource): boolean =>
  resource.resourceType === type &&
  (codes.length === 0 || codes.some((coding) => hasCode(resource['code'], { ...coding, display: '' })));
