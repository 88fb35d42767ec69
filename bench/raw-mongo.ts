import type { Collection, Document, IndexDescription, MongoClient } from 'mongodb';
import { loadRegistry } from '../src/conformance/r4-registry.ts';
import { randomNumbers } from './random.ts';
import { StoreLoad } from './store-load.ts';
import { mongoPlace, opened } from './store-place.ts';

const BODY = Buffer.alloc(800, 'x');
const PATIENTS = 200;
const EACH = 100;
const PAGE = 20;
const STOCK = 5000;

interface Row {
  readonly _id: string;
  readonly patient: number;
  readonly code: number;
  readonly date: number;
  readonly body: Buffer;
}

/** What the driver alone does a second, majority and journaled, the same work as the server is asked for. */
interface RawRates {
  readonly reads: number;
  /** Pages of 20 by patient, code and date from one compound index, newest first. */
  readonly searches: number;
  /** One insert a commit, of a document as the store makes it, into a collection with the store's indexes. */
  readonly single: number;
  /** One replacement by id a commit, of such a document. */
  readonly updates: number;
  /** Such documents in transactions of a hundred. */
  readonly batched: number;
}

/** MongoDB through its driver, as many requests in flight as the server has connections; every answer is checked. */
export async function rawMongo(url: string, connections: number, seconds: number): Promise<RawRates> {
  const { MongoClient } = await import('mongodb');
  const client = await new MongoClient(url, {
    maxPoolSize: connections,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
  }).connect();
  const db = client.db('novamind_bench_raw');
  await db.dropDatabase();
  try {
    return {
      ...(await rawReads(db.collection<Row>('read'), connections, seconds)),
      ...(await rawWrites(client, await stockOf(client, url), connections, seconds)),
    };
  } finally {
    await db.dropDatabase();
    await client.close();
  }
}

const WARM_SECONDS = 1;

/** How much of `work` a second is done by so many loops at once, once they are warm; `batch` counts one round. */
async function rateOf(loops: number, batch: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const run = async (until: number): Promise<number> => {
    let done = 0;
    const loop = async (): Promise<void> => {
      for (; performance.now() < until; done += batch) await work();
    };
    await Promise.all(Array.from({ length: loops }, loop));
    return done;
  };
  await run(performance.now() + WARM_SECONDS * 1000);
  const begun = performance.now();
  const done = await run(begun + seconds * 1000);
  return (done / (performance.now() - begun)) * 1000;
}

async function rawReads(collection: Collection<Row>, connections: number, seconds: number) {
  await collection.createIndex({ patient: 1, code: 1, date: -1 });
  for (let patient = 0; patient < PATIENTS; patient++)
    await collection.insertMany(
      Array.from({ length: EACH }, (_, n) => ({ _id: idOf(patient, n), patient, code: n % 2, date: n, body: BODY })),
    );
  const random = randomNumbers(1);
  const read = async (): Promise<void> => {
    const _id = idOf(random(PATIENTS), random(EACH));
    if ((await collection.findOne({ _id }))?._id !== _id) throw new Error(`the raw driver did not find ${_id}`);
  };
  const search = async (): Promise<void> => {
    const where = { patient: random(PATIENTS), code: random(2), date: { $gte: random(EACH / 2) } };
    const page = await collection.find(where).sort({ date: -1 }).limit(PAGE).toArray();
    if (page.length !== PAGE) throw new Error(`the raw driver found ${page.length} of ${PAGE}`);
  };
  return {
    reads: await rateOf(connections, 1, seconds, read),
    searches: await rateOf(connections, 1, seconds, search),
  };
}

const idOf = (patient: number, n: number): string => `Observation/${patient}-${n}`;

/** Observations as the store keeps them, and the indexes that it keeps of them. */
interface Stock {
  readonly documents: readonly Document[];
  readonly indexes: IndexDescription[];
}

async function stockOf(client: MongoClient, url: string): Promise<Stock> {
  const place = mongoPlace(url);
  await place.remove();
  await opened(place, (store) => new StoreLoad(loadRegistry()).grow(store, STOCK));
  const resources = client.db(place.database).collection('resources');
  const documents = await resources.find({ type: 'Observation' }).toArray();
  const indexes = (await resources.indexes())
    .filter(({ name }) => name !== '_id_')
    .map(({ key, name, unique }) => ({ key, ...(name !== undefined && { name }), ...(unique && { unique }) }));
  await place.remove();
  return { documents, indexes };
}

async function rawWrites(client: MongoClient, { documents, indexes }: Stock, connections: number, seconds: number) {
  const collection = client.db('novamind_bench_raw').collection<Document & { _id: string }>('written');
  await collection.createIndexes(indexes);
  const random = randomNumbers(1);
  let serial = 0;
  // `seq` is unique, as the store's is.
  const copyAs = (_id: string) => ({ ...documents[random(documents.length)], _id, seq: ++serial });
  const next = () => copyAs(`Observation/${serial}`);
  const transaction = (): Promise<unknown> => {
    const hundred = Array.from({ length: 100 }, next);
    return client.withSession((session) => session.withTransaction(() => collection.insertMany(hundred, { session })));
  };
  const single = await rateOf(connections, 1, seconds, () => collection.insertOne(next()));
  const replaced = await collection.find({}, { projection: { _id: 1 } }).toArray();
  const replace = async (): Promise<void> => {
    const { _id = '' } = replaced[random(replaced.length)] ?? {};
    if ((await collection.replaceOne({ _id }, copyAs(_id))).matchedCount !== 1)
      throw new Error(`the raw driver did not replace ${_id}`);
  };
  return {
    single,
    updates: await rateOf(connections, 1, seconds, replace),
    batched: await rateOf(8, 100, seconds, transaction),
  };
}
