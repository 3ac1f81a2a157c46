import { createRequire } from 'node:module';
import { Savings } from '../savings';

interface Statement {
  run(...parameters: unknown[]): unknown;
}

interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

const load = createRequire(__filename);

/** The engine without anything around it: an upsert of a state, synced to the disk with each commit; a claim and a registration, not synced. */
export class BareSqlite {
  private readonly database: Database;
  private readonly upsert: Statement;
  private readonly claims: Statement;
  private readonly registrations: Statement;
  private readonly states = new Map<string, Savings>();

  constructor(file: string) {
    this.database = new (databaseType())(file);
    this.database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE state (key TEXT PRIMARY KEY, version INTEGER, data BLOB)',
    );
    this.database.exec(
      'CREATE TABLE claim (key TEXT PRIMARY KEY, epoch INTEGER); CREATE TABLE registration (key TEXT PRIMARY KEY, place TEXT)',
    );
    this.upsert = this.database.prepare(
      'INSERT INTO state VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET version = version + 1, data = excluded.data',
    );
    this.claims = this.database.prepare(
      'INSERT INTO claim VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET epoch = epoch + 1',
    );
    this.registrations = this.database.prepare('INSERT INTO registration VALUES (?, ?) ON CONFLICT (key) DO NOTHING');
  }

  /** Claims the keys, and notes where they are, in one commit. */
  claim(keys: readonly string[]): void {
    this.database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
    for (const key of keys) {
      this.registrations.run(key, '127.0.0.1:4000');
      this.claims.run(key);
    }
    this.database.exec('COMMIT');
  }

  /** Writes the states of the keys in one commit. */
  commit(keys: readonly string[]): void {
    if (keys.length > 1) this.database.exec('BEGIN IMMEDIATE');
    for (const key of keys) {
      const state = this.states.get(key) ?? new Savings();
      state.balance++;
      this.states.set(key, state);
      this.upsert.run(key, Buffer.from(JSON.stringify(state)));
    }
    if (keys.length > 1) this.database.exec('COMMIT');
  }

  close(): void {
    this.database.close();
  }
}

/** The driver that the runtime's own engine would take. */
function databaseType(): new (file: string) => Database {
  try {
    return (load('node:sqlite') as { DatabaseSync: new (file: string) => Database }).DatabaseSync;
  } catch {
    return load('libsql') as new (file: string) => Database;
  }
}
