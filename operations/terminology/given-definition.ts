import { canonicalParts, textAt } from '../../src/conformance/terminology/read.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Json, type Resource } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { readable } from '../../src/interactions/visible.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';

interface Said {
  /** The parameter that holds a definition, and what it holds. */
  readonly sent?: readonly [name: string, definition: Json | undefined];
  /** The parameter that names one, and its canonical. */
  readonly named: readonly [name: string, canonical: string | undefined];
}

/**
 * The definition that the operation is called on or is sent; undefined where neither. Throws Problem where it is not
 * valid, or where several are meant: none of them is silently left out.
 */
export async function givenDefinition(
  call: Call & { readonly target: OperationTarget },
  { sent: [parameter, sent] = ['', undefined], named: [name, canonical] }: Said,
): Promise<Resource | undefined> {
  const onOne = call.target.level === 'instance';
  if (onOne && sent !== undefined)
    throw new Problem('invalid', `'${parameter}' is for the type: the operation is called on one already`, {
      expression: [parameter],
    });
  const given = onOne ? storedResource(await readable(call, call.target.key)) : validSent(call, sent);
  const meant = canonical === undefined ? undefined : canonicalParts(canonical);
  const [url, version] = [given && textAt(given, 'url'), given && textAt(given, 'version')];
  const other =
    meant !== undefined && url !== undefined
      ? meant.url !== url || (meant.version !== undefined && version !== undefined && meant.version !== version)
      : false;
  if (other)
    throw new Problem('invalid', `'${name}' is ${canonical}, but the one ${onOne ? 'called on' : 'sent'} is ${url}`, {
      expression: [name],
    });
  return given;
}

function validSent({ world }: Call, sent: Json | undefined): Resource | undefined {
  if (!isResource(sent)) return undefined;
  const issues = world.validate(sent);
  const wrong = issues.find(({ severity }) => severity === 'error' || severity === 'fatal');
  if (wrong !== undefined) throw new Problem('invalid', wrong.diagnostics, { issues });
  return sent;
}
