import { MoonpoolError } from '../../errors/moonpool-error';
import type { SqliteDatabase } from './sqlite-driver';

/** The version of the tables below, kept in the file. */
const SCHEMA_VERSION = 1;

const TABLES = `
  CREATE TABLE actor_state (
    actor TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    data BLOB
  );
  CREATE TABLE member (
    cluster TEXT NOT NULL,
    name TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    address TEXT NOT NULL,
    status TEXT NOT NULL,
    lease_counter INTEGER NOT NULL,
    load INTEGER NOT NULL,
    actor_types TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (cluster, name, incarnation)
  ) WITHOUT ROWID;
  CREATE TABLE membership_view (
    cluster TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    last_incarnation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE registration (
    actor TEXT NOT NULL PRIMARY KEY,
    activation TEXT NOT NULL,
    node_name TEXT NOT NULL,
    node_incarnation INTEGER NOT NULL,
    address TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** Makes the tables in a new file. @throws MoonpoolError STORAGE_TOO_NEW */
export function prepareSchema(database: SqliteDatabase, file: string): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  // Several processes may open a new file at once: the first one makes the tables, the others find them made.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > SCHEMA_VERSION) {
      throw new MoonpoolError('STORAGE_TOO_NEW', {
        message: `The file ${file} has tables of version ${version}; this version of Moonpool knows ${SCHEMA_VERSION}`,
      });
    }
    if (version === 0) database.exec(`${TABLES} PRAGMA user_version = ${SCHEMA_VERSION};`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: SqliteDatabase): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
