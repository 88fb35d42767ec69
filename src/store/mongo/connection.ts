import mongoose, { type Connection } from 'mongoose';
import { Problem } from '../../fhir/problem.ts';

const SELECTION_MS = 10_000;

export interface Connected {
  readonly connection: Connection;
  /** False on a standalone mongod, which has no transactions. */
  readonly transactional: boolean;
}

/** The address without user and password. */
const masked = (url: string): string => url.replace(/\/\/[^@/]*@/, '//***@');

/**
 * Connects. Rejects with Problem `unavailable` where nobody answers, and with an Error where a standalone mongod
 * does: it can neither write atomically nor survive a failure.
 */
export async function connect(url: string, allowStandalone: boolean): Promise<Connected> {
  const connection = mongoose.createConnection(url, {
    // What the address says counts.
    ...(!/[?&]serverSelectionTimeoutMS=/i.test(url) && { serverSelectionTimeoutMS: SELECTION_MS }),
    connectTimeoutMS: SELECTION_MS,
    maxPoolSize: 64,
    minPoolSize: 4,
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true },
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    appName: 'novamind',
  });
  try {
    await connection.asPromise();
    const hello = await connection.getClient().db('admin').command({ hello: 1 });
    const transactional = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid';
    if (!transactional && !allowStandalone)
      throw new Error(
        `${masked(url)} is a standalone mongod, which has no transactions: use a replica set ` +
          '(one member is enough; `npm run mongo` starts one), or set MONGODB_ALLOW_STANDALONE=true for development',
      );
    return { connection, transactional };
  } catch (error) {
    await connection.destroy();
    if (
      error instanceof mongoose.Error.MongooseServerSelectionError ||
      error instanceof mongoose.mongo.MongoServerSelectionError
    )
      throw new Problem('unavailable', `No MongoDB primary answers at ${masked(url)}: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}
