import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import type { AuditBlockDocument } from './audit-block.ts';
import type { HeadDocument, KeyDocument, ReceiptDocument, ResourceDocument, VersionDocument } from './documents.ts';
import type { CursorDocument, OutboxDocument } from './outbox-documents.ts';
import type { TextDocument } from './texts.ts';

const OPTIONS = {
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  strict: true,
  minimize: false,
  id: false,
} as const;
const entry = (fields: SchemaDefinition): Schema => new Schema(fields, { _id: false, id: false });

const versionFields = {
  type: { type: String, required: true },
  version: { type: Number, required: true },
  seq: { type: Number, required: true },
  at: { type: Number, required: true },
  method: { type: String, required: true },
  live: { type: Boolean, required: true },
  patient: { type: String, default: null },
  keyId: Number,
  body: Buffer,
} satisfies SchemaDefinition;

const text = entry({ p: Number, f: String, x: String });
const date = entry({ p: Number, l: Number, h: Number });
const number = entry({ p: Number, v: Number, l: Number, h: Number, u: [Number] });
const component = entry({ full: [Number], str: [text], dat: [date], num: [number] });

const resource = new Schema<ResourceDocument>(
  {
    _id: { type: String, required: true },
    ...versionFields,
    mark: Buffer,
    indexed: String,
    key: { type: [Number], default: undefined },
    pkey: { type: [Number], default: undefined },
    full: { type: [Number], default: undefined },
    date: Number,
    dateEnd: Number,
    str: { type: [text], default: undefined },
    dat: { type: [date], default: undefined },
    num: { type: [number], default: undefined },
    grp: { type: [entry({ p: Number, c: [component] })], default: undefined },
    links: { type: [entry({ p: Number, t: String })], default: undefined },
    codes: { type: [entry({ p: Number, c: String })], default: undefined },
  },
  { ...OPTIONS, collection: 'resources' },
);
resource.index({ type: 1, live: 1, at: -1, seq: -1 }, { name: 'type_recent' });
resource.index({ type: 1, live: 1, date: 1, seq: -1 }, { name: 'type_rising' });
resource.index({ type: 1, live: 1, dateEnd: -1, seq: -1 }, { name: 'type_falling' });
resource.index({ seq: 1 }, { name: 'feed', unique: true });
resource.index({ key: 1, seq: -1 }, { name: 'key_recent' });
// These answer without the documents: `seq` and `indexed` name search fields that may be known already.
resource.index({ pkey: 1, date: 1, seq: -1, dateEnd: 1, indexed: 1 }, { name: 'patient_rising' });
resource.index({ pkey: 1, dateEnd: -1, seq: -1, date: 1, indexed: 1 }, { name: 'patient_falling' });
resource.index({ pkey: 1, seq: -1, indexed: 1 }, { name: 'patient_newest' });
resource.index({ 'str.p': 1, 'str.f': 1 }, { name: 'text' });
resource.index({ 'dat.p': 1, 'dat.l': 1, 'dat.h': 1 }, { name: 'date' });
resource.index({ 'num.p': 1, 'num.v': 1 }, { name: 'number' });

const version = new Schema<VersionDocument>(
  { _id: { type: String, required: true }, ...versionFields, until: { type: Number, required: true } },
  { ...OPTIONS, collection: 'versions' },
);
version.index({ type: 1, seq: -1 }, { name: 'type_history' });
version.index({ seq: 1 }, { name: 'feed', unique: true });

const head = new Schema<HeadDocument>(
  {
    _id: String,
    transaction: Number,
    at: Number,
    live: Schema.Types.Mixed,
    groups: Schema.Types.Mixed,
    keyId: Number,
    searchKey: Buffer,
  },
  { ...OPTIONS, collection: 'heads' },
);

const key = new Schema<KeyDocument>(
  { _id: Number, patient: { type: String, default: null }, master: String, wrapped: Buffer, created: Number },
  { ...OPTIONS, collection: 'keys' },
);
key.index({ patient: 1, created: -1 }, { name: 'newest' });

const receipt = new Schema<ReceiptDocument>(
  { _id: String, keyId: Number, answer: Buffer, expires: Number, forget: Date },
  { ...OPTIONS, collection: 'receipts' },
);
// The server forgets about a minute late: readers compare `expires` themselves.
receipt.index({ forget: 1 }, { name: 'forget', expireAfterSeconds: 0 });

const auditBlock = new Schema<AuditBlockDocument>(
  {
    _id: String,
    chain: String,
    n: Number,
    low: Number,
    high: Number,
    count: Number,
    terms: [Number],
    previous: Buffer,
    hash: Buffer,
    keyId: Number,
    body: Buffer,
  },
  { ...OPTIONS, collection: 'audit' },
);
auditBlock.index({ terms: 1, high: -1 }, { name: 'terms' });
auditBlock.index({ high: -1 }, { name: 'recent' });

const outboxItem = new Schema<OutboxDocument>(
  {
    _id: String,
    lane: String,
    n: Number,
    kind: String,
    keyId: Number,
    payload: Buffer,
    due: Number,
    attempts: Number,
    worker: String,
    leasedUntil: Number,
    error: String,
    open: Boolean,
    ended: Date,
  },
  { ...OPTIONS, collection: 'outbox' },
);
outboxItem.index({ open: 1, lane: 1, n: 1 }, { name: 'lanes' });
outboxItem.index({ ended: 1 }, { name: 'forget', expireAfterSeconds: 7 * 24 * 3600 });

const cursor = new Schema<CursorDocument>({ _id: String, value: Number }, { ...OPTIONS, collection: 'cursors' });

const words = new Schema<TextDocument>(
  { _id: Number, words: [Number], line: String },
  { ...OPTIONS, collection: 'texts' },
);
words.index({ words: 1 }, { name: 'words' });

export interface Models {
  readonly resources: Model<ResourceDocument>;
  readonly versions: Model<VersionDocument>;
  readonly heads: Model<HeadDocument>;
  readonly keys: Model<KeyDocument>;
  readonly receipts: Model<ReceiptDocument>;
  readonly audit: Model<AuditBlockDocument>;
  readonly outbox: Model<OutboxDocument>;
  readonly cursors: Model<CursorDocument>;
  readonly texts: Model<TextDocument>;
}

/** Indexes of earlier versions of this schema, by collection: others do their work now. */
export const RETIRED: Readonly<Record<string, readonly string[]>> = {
  resources: ['type_date', 'patient_date', 'patient_recent'],
};

/** The collections and indexes of the store, on one connection. */
export const makeModels = (connection: Connection): Models => ({
  resources: connection.model('Resource', resource),
  versions: connection.model('Version', version),
  heads: connection.model('Head', head),
  keys: connection.model('Key', key),
  receipts: connection.model('Receipt', receipt),
  audit: connection.model('AuditBlock', auditBlock),
  outbox: connection.model('OutboxItem', outboxItem),
  cursors: connection.model('Cursor', cursor),
  texts: connection.model('Text', words),
});
