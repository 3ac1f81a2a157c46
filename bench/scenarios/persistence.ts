import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActorRuntime, sqlite } from 'moonpool';
import { Writer } from '../counter';
import { inFlight, rate, type Scenario } from '../measurement';

const SEQUENTIAL = 2_000;
const CONCURRENT = 40_000;
const WRITERS = 256;
const GROUP = 100;

/** The part of a SQLite driver that the baseline needs. */
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...parameters: unknown[]): unknown };
  close(): void;
}

/** Durable writes of actors, beside the engine's own upsert: one commit each, and grouped by a hundred. */
export async function persistence(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-bench-'));
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Writer], modules: [sqlite({ file: join(folder, 'actors.db') })] });
  const writers = Array.from({ length: WRITERS }, (_, index) => runtime.actor(Writer, `w${index}`));
  const database = openBaseline(join(folder, 'baseline.db'));
  const upsert = database.prepare('INSERT INTO state VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET version = version + 1, data = excluded.data');
  const data = Buffer.alloc(200, 'x');
  const scenarios: Scenario[] = [
    {
      name: 'persist-seq',
      unit: 'writes/s',
      target: 0.8,
      subject: () => rate(SEQUENTIAL, () => inFlight(SEQUENTIAL, 1, () => (writers[0] as (typeof writers)[0]).write())),
      baseline: () =>
        rate(SEQUENTIAL, () => {
          for (let write = 0; write < SEQUENTIAL; write++) upsert.run('w0', data);
        }),
    },
    {
      name: 'persist-concurrent, 256 writers',
      unit: 'writes/s',
      target: 0.7,
      subject: () => rate(CONCURRENT, () => inFlight(CONCURRENT, WRITERS, (index) => (writers[index % WRITERS] as (typeof writers)[0]).write())),
      baseline: () =>
        rate(CONCURRENT, () => {
          for (let group = 0; group < CONCURRENT / GROUP; group++) {
            database.exec('BEGIN IMMEDIATE');
            for (let write = 0; write < GROUP; write++) upsert.run(`w${(group * GROUP + write) % WRITERS}`, data);
            database.exec('COMMIT');
          }
        }),
    },
  ];
  return {
    scenarios,
    async close() {
      await runtime.shutdown();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openBaseline(file: string): Database {
  const load = createRequire(__filename);
  let database: Database;
  try {
    database = new (load('node:sqlite') as { DatabaseSync: new (file: string) => Database }).DatabaseSync(file);
  } catch {
    database = new (load('libsql') as new (file: string) => Database)(file);
  }
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, data BLOB)');
  return database;
}
