/** What came with version 3 to the row of an actor. Nodes of 0.1.0 leave these columns alone, and their own rows have the defaults. */
const LATER_COLUMNS = [
  'last_event INTEGER NOT NULL DEFAULT 0',
  'answers INTEGER NOT NULL DEFAULT 0',
  'kept_answers INTEGER NOT NULL DEFAULT 0',
  'snapshot_up_to INTEGER',
  'listed INTEGER NOT NULL DEFAULT 2',
  'later_seal INTEGER',
  'data_version INTEGER',
  'data_seal INTEGER',
] as const;

/**
 * What came with version 3 besides. Bytes stand last in each row, so that whoever reads the rest does not read them. What is asked for has an
 * index: the actors of a page, what is due, the deliveries of an actor. Answers have none beside
 * their key: each commit of a call with a key would write one page more, and the oldest of an actor are looked for once in a while.
 */
const LATER_TABLES = `
  CREATE INDEX listed_actor ON actor_state (actor, listed) WHERE listed <> 0;
  CREATE TABLE recent (
    place INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    at REAL NOT NULL,
    number INTEGER,
    event_seal INTEGER,
    key TEXT,
    answer_seal INTEGER,
    event BLOB,
    answer BLOB
  );
  CREATE TABLE snapshot (
    actor TEXT NOT NULL PRIMARY KEY,
    up_to INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    data BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE event (
    actor TEXT NOT NULL,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    seal INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (actor, number)
  ) WITHOUT ROWID;
  CREATE TABLE answer (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    seal INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (actor, key)
  ) WITHOUT ROWID;
  CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    slot INTEGER NOT NULL,
    due_at REAL,
    version INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    data BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX delivery_due ON delivery (due_at, id, slot) WHERE due_at IS NOT NULL;
  CREATE INDEX delivery_target ON delivery (target, id);
  CREATE INDEX dead_delivery ON delivery (id) WHERE due_at IS NULL;
  CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL,
    seal INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE tables (version INTEGER NOT NULL);
  INSERT INTO tables VALUES (3);
`;

/** The tables of a new file. */
export const STATE_TABLES = `
  CREATE TABLE actor_state (
    actor TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    seal INTEGER,
    ${LATER_COLUMNS.join(', ')},
    data BLOB
  );
  CREATE TABLE registration (
    actor TEXT NOT NULL PRIMARY KEY,
    activation TEXT NOT NULL,
    node_name TEXT NOT NULL,
    node_incarnation INTEGER NOT NULL,
    address TEXT NOT NULL,
    seal INTEGER
  ) WITHOUT ROWID;
  ${LATER_TABLES}
`;

/** From version 1 to 2. Rows that were there before have no seal. */
export const SEALS = `
  ALTER TABLE actor_state ADD COLUMN seal INTEGER;
  ALTER TABLE registration ADD COLUMN seal INTEGER;
`;

/** From version 2 to 3. */
export const JOURNALS_AND_DELIVERIES = `
  ${LATER_COLUMNS.map((column) => `ALTER TABLE actor_state ADD COLUMN ${column};`).join('\n')}
  UPDATE actor_state SET listed = data IS NOT NULL;
  ${LATER_TABLES}
`;
