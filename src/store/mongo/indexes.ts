import type { Model, mongo } from 'mongoose';
import type { Models } from './schemas.ts';

const each = (models: Models): Model<unknown>[] => Object.values(models);

/** Creates collections (transactions should not) and indexes that are missing, all of a collection in one command. */
export async function createIndexes(models: Models): Promise<void> {
  await Promise.all(
    each(models).map(async (model) => {
      const indexes = model.schema.indexes().map(([key, options]) => ({ ...options, key })) as mongo.IndexDescription[];
      if (indexes.length === 0) await model.createCollection();
      else await model.collection.createIndexes(indexes);
    }),
  );
}

/** Throws an Error that names the indexes which are missing or differ: without them the store would serve, but slowly. */
export async function verifyIndexes(models: Models): Promise<void> {
  const missing = await Promise.all(
    each(models).map(async (model) => {
      const { toCreate } = await model.diffIndexes();
      const lacking = new Set(toCreate.map((keys) => JSON.stringify(keys)));
      return model.schema.indexes().flatMap(([keys, { name }]) => {
        return lacking.has(JSON.stringify(keys))
          ? [`${model.collection.collectionName}.${name ?? JSON.stringify(keys)}`]
          : [];
      });
    }),
  );
  const names = missing.flat();
  if (names.length > 0)
    throw new Error(`the database lacks the indexes ${names.join(', ')}; refusing to serve without them`);
}
