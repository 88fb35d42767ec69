import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import { parseJson } from '../../fhir/json.ts';
import { isResource } from '../../fhir/resource.ts';
import { patientOf } from '../../search/compartment.ts';
import type { Change, StoredVersion } from '../../store/store.ts';
import type { World } from '../context.ts';
import { indexValues } from '../indexing.ts';
import type { CustomSearch } from './custom-search.ts';

const BATCH = 100;

/** How a walk over a type stands. */
export interface Reindexing {
  readonly type: string;
  readonly state: 'running' | 'completed' | 'failed';
  readonly done: number;
  readonly total: number;
  /** Codes of parameters that become searchable by it. */
  readonly parameters: readonly string[];
  readonly error?: string;
}

/**
 * Writes the index values of stored resources anew while requests are served: type by type, newest first, versions and
 * bodies untouched. What is written meanwhile by processes that know less is found in the change feed afterwards.
 */
export class Reindexer {
  readonly #custom: CustomSearch;
  readonly #walks = new Map<string, { progress: Reindexing; finished: Promise<void> }>();

  constructor(custom: CustomSearch) {
    this.#custom = custom;
  }

  /** The walks this process began, the last of each type. */
  get walks(): readonly Reindexing[] {
    return [...this.#walks.values()].map(({ progress }) => progress);
  }

  /** Begins a walk, or gives the one that is running. `finished` resolves when it has completed or failed. */
  begin(world: World, type: string): { readonly finished: Promise<void> } {
    const running = this.#walks.get(type);
    if (running?.progress.state === 'running') return running;
    const walk = {
      progress: { type, state: 'running', done: 0, total: 0, parameters: [] } as Reindexing,
      finished: Promise.resolve(),
    };
    this.#walks.set(type, walk);
    const report = (more: Partial<Reindexing>): void => {
      walk.progress = { ...walk.progress, ...more };
    };
    walk.finished = this.#walk(world, type, report).catch((error: unknown) => {
      const stopping = this.#custom.stopped.aborted;
      const said = error instanceof Error ? error.message : String(error);
      report({ state: 'failed', error: stopping ? 'the server stopped' : said });
      if (!stopping) world.log.error({ type, error: said }, 'reindexing failed');
    });
    return walk;
  }

  async #walk(world: World, type: string, report: (more: Partial<Reindexing>) => void): Promise<void> {
    await this.#custom.refresh();
    const pending = this.#custom.pendingOf(type);
    const started = await world.store.lastTransaction();
    const known = delay(2 * this.#custom.pollMs, undefined, { ref: false, signal: this.#custom.stopped });
    known.catch(() => undefined);
    const total = await world.store.count([type], { kind: 'all' });
    report({ total, parameters: [...pending.keys()] });
    let done = 0;
    let position: readonly (string | number | null)[] | undefined;
    do {
      const page = await world.store.search({
        types: [type],
        where: { kind: 'all' },
        sort: [],
        count: BATCH,
        total: 'none',
        ...(position && { cursor: { direction: 'next', position } }),
      });
      await indexAnew(world, page.matches);
      done += page.matches.length;
      report({ done });
      this.#custom.stopped.throwIfAborted();
      await breathe();
      position = page.next;
    } while (position);
    // From now on every process writes by the new parameters.
    await known;
    await this.#catchUp(world, type, started);
    await this.#custom.complete(pending.values());
    report({ state: 'completed', total: done });
  }

  async #catchUp(world: World, type: string, from: number): Promise<void> {
    let after = from;
    const last = await world.store.lastTransaction();
    while (after < last) {
      const changes = await world.store.changes(after, BATCH);
      const newest = changes.at(-1);
      if (newest === undefined) return;
      const keys = [...new Set(changes.filter((it) => it.type === type).map(({ id }) => id))];
      const current = await world.store.readMany(keys.map((id) => ({ type, id })));
      await indexAnew(
        world,
        current.filter((it) => it !== undefined && !it.deleted).filter((it) => it !== undefined),
      );
      after = newest.transaction;
      this.#custom.stopped.throwIfAborted();
      await breathe();
    }
  }
}

/** One commit for all of them; where one was changed meanwhile, one for each, and the changed ones are indexed already. */
async function indexAnew(world: World, versions: readonly StoredVersion[]): Promise<void> {
  const changes = versions.map((version) => reindexed(world, version)).filter((it) => it !== undefined);
  if (changes.length === 0) return;
  const { kind } = await world.store.commit({ changes });
  if (kind !== 'refused') return;
  for (const change of changes) await world.store.commit({ changes: [change] });
}

function reindexed({ registry, base }: World, version: StoredVersion): Change | undefined {
  const resource = parseJson(version.body);
  if (!isResource(resource)) return undefined;
  const values = indexValues(registry, base, resource);
  const { type, id, method } = version;
  const draft = { type, id, body: bodyWithout(version), values, patient: patientOf(values) };
  return {
    kind: 'put',
    method: method === 'DELETE' ? 'PUT' : method,
    draft: { ...draft, indexed: registry.searchHash(type) },
    expect: { kind: 'version', version: version.version },
  };
}

const OWN_META = /"versionId":"[^"]*","lastUpdated":"[^"]*",?/y;

/** The body as a draft has it, byte for byte: what the store spliced in is taken out, so that it is no new version. */
function bodyWithout({ body, type, id }: StoredVersion): Buffer {
  const at = `{"resourceType":"${type}","id":"${id}","meta":{`.length;
  const head = body.toString('latin1', 0, at + 200);
  OWN_META.lastIndex = at;
  const spliced = OWN_META.exec(head)?.[0].length ?? 0;
  return Buffer.concat([body.subarray(0, at), body.subarray(at + spliced)]);
}
