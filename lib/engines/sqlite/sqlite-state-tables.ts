/**
 * The tables of the states and what belongs to them. Bytes stand last in each row, so that whoever reads the rest does not read them. What is asked for
 * has an index: the actors of a page, what is due, the deliveries of an actor, the oldest answers.
 */
export const STATE_TABLES = `
  CREATE TABLE actor_state (
    actor TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    last_event INTEGER NOT NULL DEFAULT 0,
    answers INTEGER NOT NULL DEFAULT 0,
    snapshot_up_to INTEGER,
    listed INTEGER NOT NULL DEFAULT 0,
    data_seal INTEGER,
    seal INTEGER,
    data BLOB
  );
  CREATE INDEX listed_actor ON actor_state (actor) WHERE listed = 1;
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
    id INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    at REAL NOT NULL,
    seal INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (actor, key)
  );
  CREATE INDEX answer_age ON answer (actor, id);
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
`;

export const REGISTRATION_TABLE = `
  CREATE TABLE registration (
    actor TEXT NOT NULL PRIMARY KEY,
    activation TEXT NOT NULL,
    node_name TEXT NOT NULL,
    node_incarnation INTEGER NOT NULL,
    address TEXT NOT NULL,
    seal INTEGER
  ) WITHOUT ROWID;
`;

/** What brings the tables of an older version to the present one. Seals stay what they were: what has come since counts in them only where it was used. */
export const STATE_MIGRATIONS: Readonly<Record<number, string>> = {
  // Version 0.1 had no seals.
  1: `
    ALTER TABLE actor_state ADD COLUMN seal INTEGER;
    ALTER TABLE registration ADD COLUMN seal INTEGER;
  `,
  2: `
    ALTER TABLE actor_state RENAME TO state_before;
    ${STATE_TABLES}
    INSERT INTO actor_state (actor, epoch, version, write_id, listed, seal, data)
      SELECT actor, epoch, version, write_id, data IS NOT NULL, seal, data FROM state_before;
    DROP TABLE state_before;
  `,
};
