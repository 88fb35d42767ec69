import type { Member } from '../../src/conformance/terminology/expand.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { Problem } from '../../src/fhir/problem.ts';

/** A code with those that its code system puts below it. */
export interface Nested {
  readonly member: Member;
  readonly below: Nested[];
}

/** Levels that are looked at and given: a code system of a client could have as many as it has codes. */
const DEEPEST = 50;

const keyOf = (system: string, code: string): string => `${system}\n${code}`;

/**
 * The codes below one another as in their code systems: each under the nearest code above it that is among them, once.
 * @throws Problem `too-costly` where they are too deep
 */
export const nested = (terminology: Terminology, members: readonly Member[]): readonly Nested[] => {
  const nodes = new Map(
    members.map((member) => [keyOf(member.system, member.code), { member, below: [] as Nested[] }] as const),
  );
  const above = new Map<Nested, Nested>();
  const roots: Nested[] = [];
  for (const node of nodes.values()) {
    const parent = nearest(terminology, node, nodes, above);
    if (parent === undefined) roots.push(node);
    else {
      above.set(node, parent);
      parent.below.push(node);
    }
  }
  for (const node of nodes.values()) isBelow(node, undefined, above);
  return roots;
};

function nearest(
  terminology: Terminology,
  node: Nested,
  nodes: ReadonlyMap<string, Nested>,
  above: ReadonlyMap<Nested, Nested>,
): Nested | undefined {
  const { system, code } = node.member;
  const concepts = terminology.codeSystem(system);
  const seen = new Set([code]);
  let row = concepts?.concept(code)?.parents ?? [];
  for (let level = 0; row.length > 0 && level < DEEPEST; level += 1) {
    for (const parent of row) {
      const found = nodes.get(keyOf(system, parent));
      if (found !== undefined && !isBelow(found, node, above)) return found;
      seen.add(parent);
    }
    row = [...new Set(row.flatMap((parent) => concepts?.concept(parent)?.parents ?? []))].filter((it) => !seen.has(it));
  }
  return undefined;
}

/** Whether a code stands below another already: a code system of a client may put two below each other. */
const isBelow = (node: Nested, other: Nested | undefined, above: ReadonlyMap<Nested, Nested>): boolean => {
  let level = 0;
  for (let at: Nested | undefined = node; at !== undefined; at = above.get(at)) {
    if (at === other) return true;
    level += 1;
    if (level > DEEPEST)
      throw new Problem('too-costly', `The codes nest deeper than ${DEEPEST} levels; ask for a flat list`, {
        expression: ['excludeNested'],
      });
  }
  return false;
};
