import mongoose, { type Model, type mongo } from 'mongoose';
import { type Models, RETIRED } from './schemas.ts';

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
  await Promise.all(each(models).map((model) => retire(model, RETIRED[model.collection.collectionName] ?? [])));
}

/** Drops the indexes that are still there; another process may be faster. */
async function retire(model: Model<unknown>, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const there = new Set((await model.collection.indexes()).map(({ name }) => name));
  for (const name of names.filter((n) => there.has(n)))
    try {
      await model.collection.dropIndex(name);
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoServerError && error.codeName === 'IndexNotFound')) throw error;
    }
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
