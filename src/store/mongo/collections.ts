import type { Connection, mongo } from 'mongoose';
import type { AuditBlockDocument } from './audit-block.ts';
import type { HeadDocument, KeyDocument, ReceiptDocument, ResourceDocument, VersionDocument } from './documents.ts';
import type { CursorDocument, OutboxDocument } from './outbox-documents.ts';
import type { TextDocument } from './texts.ts';
import type { Models } from './schemas.ts';

/** The models' collections as the driver sees them, for bulk writes and hot reads that need no casting. */
export interface Collections {
  readonly resources: mongo.Collection<ResourceDocument>;
  readonly versions: mongo.Collection<VersionDocument>;
  readonly heads: mongo.Collection<HeadDocument>;
  readonly keys: mongo.Collection<KeyDocument>;
  readonly receipts: mongo.Collection<ReceiptDocument>;
  readonly audit: mongo.Collection<AuditBlockDocument>;
  readonly outbox: mongo.Collection<OutboxDocument>;
  readonly cursors: mongo.Collection<CursorDocument>;
  readonly texts: mongo.Collection<TextDocument>;
}

export function nativeCollections(connection: Connection, models: Models): Collections {
  const db = connection.getClient().db(connection.name);
  // Buffers at once instead of the driver's Binary.
  const options = { promoteBuffers: true } as const;
  const of = <T extends object>(model: { collection: { collectionName: string } }) =>
    db.collection<T>(model.collection.collectionName, options);
  return {
    resources: of(models.resources),
    versions: of(models.versions),
    heads: of(models.heads),
    keys: of(models.keys),
    receipts: of(models.receipts),
    audit: of(models.audit),
    outbox: of(models.outbox),
    cursors: of(models.cursors),
    texts: of(models.texts),
  };
}
