import { isObject } from '../../fhir/resource.ts';
import type { Compiler } from './compiler.ts';
import type { Instance } from './instance.ts';
import type { ProfileNode } from './profile-tree.ts';
import type { Run } from './run.ts';
import { type Matcher, sliceMatcher } from './slicing.ts';

/** What is asked of one occurrence. */
export type InstanceCheck = (instance: Instance, run: Run, depth: number) => void;
type Checks = ReadonlyMap<string, InstanceCheck | undefined>;

interface Slice {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly matches: Matcher;
  readonly checks: Checks;
  /** A slice may be sliced again. */
  readonly inner: Slicing | undefined;
}

/** How an element is sliced. */
interface Slicing {
  readonly element: string;
  readonly slices: readonly Slice[];
  readonly closed: boolean;
  readonly openAtEnd: boolean;
  readonly ordered: boolean;
}

export const minimum = ({ element }: ProfileNode): number => (typeof element['min'] === 'number' ? element['min'] : 0);
export const maximum = ({ element }: ProfileNode): number =>
  element['max'] === undefined || element['max'] === '*' ? Number.POSITIVE_INFINITY : Number(element['max']);

/** Points the run at an occurrence. */
export const step = ({ member, index }: Instance, run: Run, depth: number): void => {
  run.names[depth] = member;
  run.indexes[depth] = index;
};

/** The slices whose discriminators can be decided from the resource alone; undefined where none is left and nothing else is asked. */
export const slicingOf = (
  compiler: Compiler,
  node: ProfileNode,
  checksFor: (part: ProfileNode) => Checks,
  prefix = '',
): Slicing | undefined => {
  const slices = [...node.slices].flatMap(([own, slice]): Slice[] => {
    const matches = sliceMatcher(compiler, node, slice);
    if (matches === undefined) return [];
    const name = `${prefix}${own}`;
    const inner = slicingOf(compiler, slice, checksFor, `${name}/`);
    return [{ name, min: minimum(slice), max: maximum(slice), matches, checks: checksFor(slice), inner }];
  });
  const slicing = node.element['slicing'];
  const stated = isObject(slicing) ? slicing : {};
  const decided = slices.length === node.slices.size;
  const closed = stated['rules'] === 'closed' && decided;
  if (slices.length === 0 && !closed) return undefined;
  return {
    element: node.name.replace(/\[x\]$/, ''),
    slices,
    closed,
    openAtEnd: stated['rules'] === 'openAtEnd' && decided,
    ordered: stated['ordered'] === true,
  };
};

/** Holds the occurrences against the slices: how many fall into each, in which order, and what each asks of its own. */
export const checkSlicing = (slicing: Slicing, instances: readonly Instance[], run: Run, depth: number): void => {
  const { element, slices, closed, openAtEnd, ordered } = slicing;
  const counts = slices.map(() => 0);
  let sorted: Map<Slice, Instance[]> | undefined;
  let furthest = 0;
  let others = false;
  for (const instance of instances) {
    step(instance, run, depth);
    const at = slices.findIndex(({ matches }) => matches(instance, run, depth));
    const slice = slices[at];
    if (slice !== undefined) {
      counts[at] = (counts[at] ?? 0) + 1;
      if (slice.inner !== undefined) {
        sorted ??= new Map();
        const own = sorted.get(slice);
        if (own === undefined) sorted.set(slice, [instance]);
        else own.push(instance);
      }
      if (ordered && at < furthest)
        run.fail(depth, 'structure', `slice ${slice.name} comes before slice ${slices[furthest]?.name ?? ''}`);
      if (openAtEnd && others) run.fail(depth, 'structure', `slice ${slice.name} comes before what fits no slice`);
      furthest = Math.max(furthest, at);
      slice.checks.get(instance.type)?.(instance, run, depth);
    } else if (closed) run.fail(depth, 'structure', `fits no slice of ${element}, and the profile allows no others`);
    else others = true;
  }
  for (let at = 0; at < slices.length; at += 1) {
    const slice = slices[at] as Slice;
    const count = counts[at] ?? 0;
    if (count < slice.min || count > slice.max) {
      run.enter(depth, element);
      const most = slice.max === Number.POSITIVE_INFINITY ? '*' : slice.max;
      run.fail(depth, 'structure', `the profile wants ${slice.min}..${most} of slice ${slice.name}, found ${count}`);
    }
    const own = sorted?.get(slice);
    if (own !== undefined && slice.inner !== undefined) checkSlicing(slice.inner, own, run, depth);
  }
};
