import { writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import type { Answer } from './answer.ts';
import { capabilityStatement } from './capability-statement.ts';
import type { Call, World } from './context.ts';
import { parameter } from './request.ts';
import { subset, subsetOf } from './subset.ts';
import { terminologyCapabilities } from './terminology-capabilities.ts';

/** What `mode` may be (http.html#capabilities). */
export const MODES = ['full', 'normative', 'terminology'] as const;

// Large, and nothing in it changes while the server runs but its search parameters.
const STATEMENTS = new WeakMap<World, { readonly epoch: object; readonly bytes: Buffer }>();

/** `GET metadata` (http.html#capabilities): `mode` full, normative or terminology. Open to all. */
export async function capabilities(call: Call): Promise<Answer> {
  const stated = parameter(call.request, 'mode') ?? 'full';
  const mode = MODES.find((it) => it === stated);
  switch (mode) {
    case 'full':
    case 'normative':
      return told(call, 'CapabilityStatement', statementBytes(call));
    case 'terminology':
      return told(call, 'TerminologyCapabilities', Buffer.from(writeJson(terminologyCapabilities(call.world))));
    case undefined:
      throw new Problem('invalid', `mode=${stated} is not one of ${MODES.join(', ')}`);
    default:
      return mode satisfies never;
  }
}

/** Whole, or cut down to what `_summary` or `_elements` ask for. */
function told({ request, world }: Call, type: string, statement: Buffer): Answer {
  const wanted = subsetOf(world.registry, request, [type]);
  const bytes = wanted === undefined ? statement : subset(world.registry, statement, wanted);
  return { status: 200, headers: {}, body: { kind: 'bytes', bytes } };
}

function statementBytes({ world, routes }: Call): Buffer {
  const known = STATEMENTS.get(world);
  const epoch = world.registry.searchEpoch;
  if (known?.epoch === epoch) return known.bytes;
  const bytes = Buffer.from(writeJson(capabilityStatement(world, routes, world.now())));
  STATEMENTS.set(world, { epoch, bytes });
  return bytes;
}
