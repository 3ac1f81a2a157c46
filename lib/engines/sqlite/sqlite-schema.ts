import { MoonpoolError } from '../../errors/moonpool-error';
import type { SqliteDatabase } from './sqlite-driver';
import { JOURNALS_AND_DELIVERIES, SEALS, STATE_TABLES } from './sqlite-state-tables';

/**
 * The version that the file of the states tells: that of the oldest code which may use it. In version 1 the members were in the same file and rows had no
 * seals; version 2 is that of Moonpool 0.1.0, which a cluster is replaced from node by node, and back. So what came with version 3, journals, answers and
 * deliveries, lies beside what 0.1.0 knows, and a table of its own says that it is there.
 */
const STATES_VERSION = 2;

/** The version of the tables of the members. */
const MEMBERS_VERSION = 1;

const MEMBER_TABLES = `
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
    seal INTEGER,
    PRIMARY KEY (cluster, name, incarnation)
  ) WITHOUT ROWID;
  CREATE TABLE membership_view (
    cluster TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    last_incarnation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE floor (incarnation INTEGER NOT NULL);
`;

/** Beside the table of members that 0.1.0 knows: which of them have said that they do not reach others. */
const REACH_TABLE = `
  CREATE TABLE IF NOT EXISTS reach (
    cluster TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (cluster, incarnation)
  ) WITHOUT ROWID;
`;

/** Makes the tables of the states in a new file, and brings older ones to the present version. @throws MoonpoolError STORAGE_TOO_NEW */
export function prepareStates(database: SqliteDatabase, file: string): void {
  prepare(database, file, STATES_VERSION, (version) => database.exec(version === 0 ? STATE_TABLES : SEALS));
  if (hasTable(database, 'main', 'tables')) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster.
    if (!hasTable(database, 'main', 'tables')) database.exec(JOURNALS_AND_DELIVERIES);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Makes the tables of the members in a new file. The members of version 0.1 are taken over from the file of the states. When the file of the
 * members was lost, no incarnation is given a second time to which a registration may still lead.
 * @throws MoonpoolError STORAGE_TOO_NEW
 */
export function prepareMembers(database: SqliteDatabase, file: string, statesFile: string): void {
  if (versionOf(database) !== MEMBERS_VERSION) makeMembers(database, file, statesFile);
  if (!hasTable(database, 'main', 'reach')) database.exec(REACH_TABLE);
}

function makeMembers(database: SqliteDatabase, file: string, statesFile: string): void {
  database.prepare('ATTACH DATABASE ? AS states').run(statesFile);
  try {
    prepare(database, file, MEMBERS_VERSION, () => {
      database.exec(
        `${MEMBER_TABLES} INSERT INTO floor SELECT coalesce(max(node_incarnation), 0) FROM states.registration;`,
      );
      if (hasTable(database, 'states', 'member') && hasTable(database, 'states', 'membership_view')) takeOver(database);
    });
  } finally {
    database.exec('DETACH DATABASE states');
  }
}

function takeOver(database: SqliteDatabase): void {
  database.exec(`
    INSERT INTO member SELECT cluster, name, incarnation, address, status, lease_counter, load, actor_types, '{}', NULL FROM states.member;
    INSERT INTO membership_view SELECT cluster, version, max(last_incarnation, (SELECT incarnation FROM floor)) FROM states.membership_view;
    DROP TABLE states.member;
    DROP TABLE states.membership_view;
  `);
}

function hasTable(database: SqliteDatabase, schema: 'main' | 'states', table: string): boolean {
  return (
    database.prepare(`SELECT 1 FROM ${schema}.sqlite_master WHERE type = 'table' AND name = ?`).get(table) !== undefined
  );
}

/** Several processes may open a file at once: the first one makes or changes the tables, the others find that done. */
function prepare(database: SqliteDatabase, file: string, known: number, bringTo: (from: number) => void): void {
  if (versionOf(database) === known) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > known) {
      throw new MoonpoolError('STORAGE_TOO_NEW', {
        message: `The file ${file} has tables of version ${version}; this version of Moonpool knows ${known}`,
      });
    }
    if (version < known) {
      bringTo(version);
      database.exec(`PRAGMA user_version = ${known}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: SqliteDatabase): number {
  return Number(database.prepare('PRAGMA main.user_version').get()?.['user_version'] ?? 0);
}
