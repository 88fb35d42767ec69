import mongoose from 'mongoose';

/** What one command did, as the server's profiler tells it: the explained plan of its very execution. */
export interface Ran {
  readonly collection: string;
  readonly plan: string;
  readonly stages: readonly string[];
  readonly keys: number;
  readonly documents: number;
  readonly sorted: boolean;
}

function stagesOf(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) =>
    key === 'stage' && typeof value === 'string' ? [value] : stagesOf(value),
  );
}

/** Runs `work` and tells what the database did for it: every command on `url`'s database that read anything. */
export async function profiled(url: string, work: () => Promise<unknown>): Promise<Ran[]> {
  const client = new mongoose.mongo.MongoClient(url);
  try {
    const db = client.db();
    await db.command({ profile: 0 });
    await db.collection('system.profile').drop();
    await db.command({ profile: 2, sampleRate: 1 });
    try {
      await work();
    } finally {
      await db.command({ profile: 0 });
    }
    const entries = await db.collection('system.profile').find({}).sort({ ts: 1 }).toArray();
    return entries.flatMap((entry): Ran[] => {
      const collection = String(entry['ns']).slice(db.databaseName.length + 1);
      const plan = entry['planSummary'];
      if (typeof plan !== 'string' || collection.startsWith('system.')) return [];
      return [
        {
          collection,
          plan,
          stages: stagesOf(entry['execStats']),
          keys: Number(entry['keysExamined'] ?? 0),
          documents: Number(entry['docsExamined'] ?? 0),
          sorted: entry['hasSortStage'] === true,
        },
      ];
    });
  } finally {
    await client.close();
  }
}
