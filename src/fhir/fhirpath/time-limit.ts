import { createContext, Script } from 'node:vm';
import { Problem } from '../problem.ts';

const box: { work?: () => unknown } = createContext({});
const script = new Script('work()');

/**
 * Runs what a client's own expression or patch asks for, and cuts it off: a pattern such as `(a+)+$` backtracks, and
 * steps such as `descendants()` multiply, for longer than the server lasts, or nest deeper than its stack. `what` is
 * named in the refusal; about 0.1 ms a call. @throws Problem `too-costly` after `limitMs`.
 */
export const withinTime = <T>(limitMs: number, what: string, work: () => T): T => {
  const outer = box.work;
  // The result leaves through the closure: the script itself gives nothing back that has a type.
  const results: T[] = [];
  box.work = () => results.push(work());
  try {
    script.runInContext(box, { timeout: limitMs });
    return results[0] as T;
  } catch (cause) {
    if (isTimeout(cause))
      throw new Problem('too-costly', `${what} takes longer than the ${limitMs} ms it may`, { cause });
    if (isOverflow(cause)) throw new Problem('too-costly', `${what} nests too deeply`, { cause });
    throw cause;
  } finally {
    if (outer === undefined) delete box.work;
    else box.work = outer;
  }
};

const isTimeout = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
const isOverflow = (cause: unknown): boolean =>
  typeof cause === 'object' &&
  cause !== null &&
  'message' in cause &&
  cause.message === 'Maximum call stack size exceeded';
