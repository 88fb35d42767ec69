const AUDIT_INDEX = `
CREATE TABLE audit_fresh (block INTEGER PRIMARY KEY, places BLOB NOT NULL);
CREATE TABLE audit_short (low INTEGER PRIMARY KEY, places BLOB NOT NULL);
CREATE TABLE audit_long (slice INTEGER NOT NULL, low INTEGER NOT NULL, places BLOB NOT NULL, UNIQUE (slice, low));
`;

/**
 * Numbered steps; step n brings the schema from n-1 to n. Append only.
 *
 * `seq` numbers versions in the order of commit: newest first is descending seq, in every index that ends in it.
 * Search values hang on the seq of the current version alone. `key` is the hash of `Type/id`; `param` is the number
 * of a set of parameters that share a value (name-table.ts). `rows` lists a version's token, reference and timeline
 * rows as JSON: what deletes them, and what answers rare questions that start from the resource.
 */
export const STEPS: readonly string[] = [
  `
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, tx INTEGER NOT NULL, at INTEGER NOT NULL,
  block INTEGER NOT NULL, hash BLOB NOT NULL);
INSERT INTO state VALUES (1, 0, 0, 0, 0, zeroblob(32));
CREATE TABLE secret (name TEXT PRIMARY KEY, data_key INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE data_key (id INTEGER PRIMARY KEY, patient TEXT, master TEXT NOT NULL, wrapped BLOB NOT NULL, created INTEGER NOT NULL);
CREATE INDEX data_key_patient ON data_key (patient, created);
CREATE TABLE name (n INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE member (type TEXT NOT NULL, param TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (type, param, n)) WITHOUT ROWID;

CREATE TABLE version (seq INTEGER PRIMARY KEY, key INTEGER NOT NULL, type INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  tx INTEGER NOT NULL, at INTEGER NOT NULL, method TEXT NOT NULL, data_key INTEGER NOT NULL, rows TEXT, body BLOB);
CREATE TABLE current (key INTEGER PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL,
  fingerprint TEXT, indexed TEXT);
CREATE TABLE recent (type INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (type, seq)) WITHOUT ROWID;
CREATE TABLE superseded (key INTEGER NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (key, version)) WITHOUT ROWID;
CREATE TABLE past (type INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (type, seq)) WITHOUT ROWID;
CREATE TABLE counter (type INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE tx (tx INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX tx_at ON tx (at);

CREATE TABLE token (param INTEGER NOT NULL, code INTEGER NOT NULL, seq INTEGER NOT NULL, system INTEGER NOT NULL, grp INTEGER NOT NULL,
  text INTEGER NOT NULL, PRIMARY KEY (param, code, seq, system, grp, text)) WITHOUT ROWID;
CREATE TABLE display (text INTEGER NOT NULL, code INTEGER NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (text, code)) WITHOUT ROWID;
CREATE TABLE reference (param INTEGER NOT NULL, target INTEGER NOT NULL, seq INTEGER NOT NULL, grp INTEGER NOT NULL, version TEXT NOT NULL,
  PRIMARY KEY (param, target, seq, grp, version)) WITHOUT ROWID;
CREATE TABLE date (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  grp INTEGER NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID;
CREATE INDEX date_high ON date (param, high, seq, low);
CREATE TABLE number (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  grp INTEGER NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID;
CREATE INDEX number_value ON number (param, value);
CREATE TABLE quantity (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  coded INTEGER NOT NULL, code INTEGER NOT NULL, unit INTEGER NOT NULL, canonical INTEGER NOT NULL,
  canonical_value REAL NOT NULL, canonical_low REAL NOT NULL, canonical_high REAL NOT NULL, grp INTEGER NOT NULL,
  PRIMARY KEY (seq, n)) WITHOUT ROWID;
CREATE INDEX quantity_canonical ON quantity (param, canonical, canonical_value) WHERE canonical <> 0;
CREATE TABLE string (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL,
  grp INTEGER NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID;
CREATE INDEX string_folded ON string (param, folded);
CREATE TABLE uri (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, value TEXT NOT NULL, grp INTEGER NOT NULL,
  PRIMARY KEY (seq, n)) WITHOUT ROWID;
CREATE INDEX uri_value ON uri (param, value);
CREATE TABLE timeline (patient INTEGER NOT NULL, type INTEGER NOT NULL, code INTEGER NOT NULL, high INTEGER NOT NULL, seq INTEGER NOT NULL,
  low INTEGER NOT NULL, many INTEGER NOT NULL, PRIMARY KEY (patient, type, code, high, seq)) WITHOUT ROWID;

CREATE TABLE receipt (key TEXT PRIMARY KEY, data_key INTEGER NOT NULL, answer BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX receipt_expires ON receipt (expires);
CREATE TABLE cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lane TEXT NOT NULL, kind TEXT NOT NULL, data_key INTEGER, payload BLOB,
  due INTEGER NOT NULL, attempts INTEGER NOT NULL, leased_until INTEGER NOT NULL, worker TEXT, error TEXT, done INTEGER);
CREATE INDEX outbox_due ON outbox (due) WHERE done IS NULL;
CREATE INDEX outbox_lane ON outbox (lane, n) WHERE done IS NULL;
CREATE INDEX outbox_done ON outbox (done) WHERE done IS NOT NULL;
CREATE TABLE audit_block (block INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, records INTEGER NOT NULL,
  previous BLOB NOT NULL, hash BLOB NOT NULL, versions TEXT NOT NULL, data_key INTEGER NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE audit_term (term INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (term, block)) WITHOUT ROWID;
`,
  // Full text: equal texts of a type are one row of `text`, whatever says them. Words are hashed, and so are the texts.
  `
CREATE TABLE text (doc INTEGER PRIMARY KEY, sequence TEXT NOT NULL);
CREATE TABLE word (word INTEGER NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (word, doc)) WITHOUT ROWID;
CREATE TABLE said (doc INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (doc, seq)) WITHOUT ROWID;
`,
  // The index of the audit log in sorted arrays: see writer/audit-terms.ts. `audit_term` holds that of earlier blocks.
  AUDIT_INDEX,
  // What else a timeline row knows (timeline.ts); rows from before it know less and are looked up.
  `
ALTER TABLE timeline RENAME COLUMN many TO facts;
ALTER TABLE timeline ADD COLUMN system INTEGER;
`,
  // Dates of a resource are numbered by rising high. Those far from where their high says (query/walk.ts) have an index.
  `
CREATE TABLE date_by_high (seq INTEGER NOT NULL, n INTEGER NOT NULL, param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  grp INTEGER NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID;
INSERT INTO date_by_high SELECT seq, row_number() OVER (PARTITION BY seq ORDER BY high, n) - 1, param, low, high, grp FROM date;
DROP TABLE date;
ALTER TABLE date_by_high RENAME TO date;
CREATE INDEX date_high ON date (param, high, seq, low);
CREATE INDEX date_far ON date (param, high, seq, low) WHERE high - low > 172800000 OR n > 0;
`,
  // For `5|system|`; 0 in rows from before it, until they are indexed anew.
  'ALTER TABLE quantity ADD COLUMN system INTEGER NOT NULL DEFAULT 0',
  // Dates longer than a second that date_far does not hold: days, mostly (query/walk.ts).
  'CREATE INDEX date_wide ON date (param, high, seq, low) WHERE n = 0 AND high - low > 1000 AND high - low <= 172800000',
];

/** The steps of the file beside the database that holds the audit records of what was only read. */
export const READS_STEPS: readonly string[] = [
  `
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, tx INTEGER NOT NULL, at INTEGER NOT NULL,
  block INTEGER NOT NULL, hash BLOB NOT NULL);
INSERT INTO state VALUES (1, 0, 0, 0, 0, zeroblob(32));
CREATE TABLE audit_block (block INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, records INTEGER NOT NULL,
  previous BLOB NOT NULL, hash BLOB NOT NULL, versions TEXT NOT NULL, data_key INTEGER NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE audit_term (term INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (term, block)) WITHOUT ROWID;
`,
  AUDIT_INDEX,
];
