import type { WrappedKey } from '../encryption/data-key.ts';
import type { KeyTable } from '../encryption/vault.ts';
import { bytesOf, type KeyDocument } from './documents.ts';
import type { Models } from './schemas.ts';
import { patiently } from './unavailable.ts';

const row = (found: KeyDocument | null): WrappedKey | undefined =>
  found
    ? {
        id: found._id,
        patient: found.patient,
        master: found.master,
        wrapped: bytesOf(found.wrapped),
        created: found.created,
      }
    : undefined;

/** The wrapped data keys, read through lean queries. */
export const keyTable = (models: Models, patience: number): KeyTable => ({
  byId: (id) => patiently(patience, async () => row(await models.keys.findById(id).lean<KeyDocument>())),
  newestOf: (patient) =>
    patiently(patience, async () =>
      row(await models.keys.findOne({ patient }).sort({ created: -1 }).lean<KeyDocument>()),
    ),
  all: () =>
    patiently(patience, async () =>
      (await models.keys.find().lean<KeyDocument[]>()).flatMap((found) => {
        const key = row(found);
        return key ? [key] : [];
      }),
    ),
});
