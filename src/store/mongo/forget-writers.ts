import type { Collections } from './collections.ts';
import { DURABLE } from './concerns.ts';
import { HEAD } from './search-key.ts';

/** No group is retried for so long (ms) that the head must still know its writer. */
const REMEMBERED = 24 * 3_600_000;

/** Takes writers off the head that ended without saying so; otherwise each crash would leave it a little longer. */
export async function forgetWriters(collections: Collections): Promise<void> {
  const head = await collections.heads.findOne({ _id: HEAD }, { projection: { groups: 1 } });
  const gone = Object.entries(head?.groups ?? {}).filter(([, { at }]) => at < Date.now() - REMEMBERED);
  if (gone.length === 0) return;
  const paths = Object.fromEntries(gone.map(([writer]) => [`groups.${writer}`, 1 as const]));
  await collections.heads.updateOne({ _id: HEAD }, { $unset: paths }, DURABLE);
}
