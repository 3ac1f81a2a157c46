import { statSync, type Stats } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
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

type DatabaseType = new (file: string) => SqliteDatabase;

const load = createRequire(__filename);

/**
 * Opens the file with the SQLite of Node.js itself where it has one, and otherwise with the package `libsql`.
 * Every commit is synced to the disk: in WAL mode the default would sync only at checkpoints.
 * @throws MoonpoolError MISSING_PACKAGE; STORAGE_UNAVAILABLE when there can be no such file.
 */
export function openSqlite(file: string, busyTimeoutMs: number): SqliteDatabase {
  requirePlace(file);
  const database = new (databaseType())(file);
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  // A new file becomes a WAL file by taking a lock on all of it, and SQLite does not wait for that lock, whatever the busy timeout says: of several
  // processes that open a new file at once, all but one would fail.
  patiently(busyTimeoutMs, () => database.exec('PRAGMA journal_mode = WAL'));
  database.exec('PRAGMA synchronous = FULL');
  return database;
}

/** SQLite makes a file but no folder for it, and says of either only that it cannot open it. */
function requirePlace(file: string): void {
  const folder = dirname(resolve(file));
  const found = statsOf(folder);
  if (found === undefined) throw unusable(file, `the folder ${folder} does not exist`, 'Make the folder');
  if (!found.isDirectory()) throw unusable(file, `${folder} is no folder`, 'Name a file in a folder');
  if (statsOf(file)?.isDirectory() === true) throw unusable(file, `${resolve(file)} is a folder itself`, 'Name a file in it');
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Whatever keeps us from looking at it, it is not there for us.
    return undefined;
  }
}

function unusable(file: string, why: string, cure: string): MoonpoolError {
  const relative = isAbsolute(file) ? '' : ` A path that does not begin at the root counts from where the process was started, here ${resolve('.')}.`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message: `The database file ${file} cannot be opened or made: ${why}`, remedy: `${cure}, or correct sqlite({ file }).${relative}` });
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
