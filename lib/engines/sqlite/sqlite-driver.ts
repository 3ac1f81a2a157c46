import { createRequire } from 'node:module';
import { MoonpoolError } from '../../errors/moonpool-error';
import { patiently } from './sqlite-patience';

/** A prepared statement, as both drivers have it. */
export interface SqliteStatement {
  run(...parameters: unknown[]): { readonly changes: number | bigint };
  get(...parameters: unknown[]): Record<string, unknown> | undefined;
  all(...parameters: unknown[]): Record<string, unknown>[];
}

/** An open database, as both drivers have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/**
 * How much of the file is kept in memory, and how many pages of the log are gathered before they are copied into the file: the pages that commits write again and again are then copied once for
 * many. Commits of events, answers and deliveries are a fifth faster than with SQLite's own 2 MB and 1,000.
 */
const CACHE_KIB = 16_384;
const LOGGED_PAGES = 10_000;

type DatabaseType = new (file: string) => SqliteDatabase;

const load = createRequire(__filename);

/**
 * Opens the file with the SQLite of Node.js itself where it has one, and otherwise with the package `libsql`.
 * Every commit is synced to the disk: in WAL mode the default would sync only at checkpoints.
 * @throws MoonpoolError MISSING_PACKAGE
 */
export function openSqlite(file: string, busyTimeoutMs: number): SqliteDatabase {
  const database = new (databaseType())(file);
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  // A new file becomes a WAL file by taking a lock on all of it, and SQLite does not wait for that lock, whatever the busy timeout says: of several
  // processes that open a new file at once, all but one would fail.
  patiently(busyTimeoutMs, () => database.exec('PRAGMA journal_mode = WAL'));
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA cache_size = ${-CACHE_KIB}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${LOGGED_PAGES}`);
  return database;
}

function databaseType(): DatabaseType {
  try {
    return (load('node:sqlite') as { DatabaseSync: DatabaseType }).DatabaseSync;
  } catch {
    // This Node.js has no SQLite of its own.
  }
  try {
    return load('libsql') as DatabaseType;
  } catch (cause) {
    throw new MoonpoolError('MISSING_PACKAGE', {
      message: 'The SQLite engine needs the package libsql on this version of Node.js',
      remedy: 'Run `npm install libsql`, or use Node.js 22.13 or later.',
      cause,
    });
  }
}
