import { MoonpoolError } from '../../errors/moonpool-error';
import { crc32c } from '../../wire/crc32c';
import { numberIn } from './postgres-values';
import type { PostgresSession } from './postgres-session';

/** The version of the tables that this code knows. */
export const SCHEMA_VERSION = 1;
/** The first of the two numbers of the advisory lock under which tables are made; the second is that of the schema. */
const LOCK_SPACE = 0x6d6f6f6e;
/** For how long others are waited for that make the tables, and for the tables themselves, in milliseconds. */
export const MIGRATION_LIMIT_MS = 60_000;

/** The names of the tables of one schema, as statements write them. */
export class PostgresTables {
  readonly schema: string;

  /** @param name of the schema, as the database knows it. */
  constructor(readonly name: string) {
    this.schema = `"${name.replaceAll('"', '""')}"`;
  }

  /** A table, or a sequence. */
  of(table: string): string {
    return `${this.schema}.${table}`;
  }

  /** The number of this schema in the advisory lock, and in the name of the channel on which changes of members are told. */
  get number(): number {
    return crc32c(Buffer.from(this.name)) | 0;
  }
}

/** What brings the tables from each version to the next. Keys are compared by their bytes, as everywhere in Moonpool. */
const STEPS: readonly ((tables: PostgresTables) => string)[] = [
  (tables) => `
    CREATE TABLE ${tables.of('actor_state')} (
      actor text COLLATE "C" PRIMARY KEY,
      epoch bigint NOT NULL,
      version bigint NOT NULL,
      write_id text NOT NULL,
      data bytea,
      snapshot_up_to bigint,
      snapshot bytea,
      last_event bigint NOT NULL,
      answers bigint NOT NULL,
      repeated_answers bigint NOT NULL,
      seal bytea NOT NULL
    ) WITH (fillfactor = 80);
    CREATE TABLE ${tables.of('actor_event')} (
      actor text COLLATE "C" NOT NULL,
      number bigint NOT NULL,
      at bigint NOT NULL,
      data bytea NOT NULL,
      seal bigint NOT NULL,
      PRIMARY KEY (actor, number)
    );
    CREATE TABLE ${tables.of('actor_answer')} (
      actor text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      number bigint NOT NULL,
      at bigint NOT NULL,
      cluster text COLLATE "C" NOT NULL,
      data bytea NOT NULL,
      seal bigint NOT NULL,
      PRIMARY KEY (actor, key)
    );
    CREATE INDEX actor_answer_by_number ON ${tables.of('actor_answer')} (actor, number);
    CREATE INDEX actor_answer_by_time ON ${tables.of('actor_answer')} (cluster, at, actor, number);
    CREATE TABLE ${tables.of('delivery')} (
      cluster text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      target text COLLATE "C" NOT NULL,
      slot bigint NOT NULL,
      due_at bigint,
      version bigint NOT NULL,
      seal bigint NOT NULL,
      data bytea NOT NULL,
      data_seal bigint NOT NULL,
      PRIMARY KEY (cluster, id)
    );
    CREATE INDEX delivery_by_time ON ${tables.of('delivery')} (cluster, due_at, id) WHERE due_at IS NOT NULL;
    CREATE INDEX delivery_by_target ON ${tables.of('delivery')} (cluster, target, id);
    CREATE SEQUENCE ${tables.of('delivery_version')};
    CREATE TABLE ${tables.of('registration')} (
      actor text COLLATE "C" PRIMARY KEY,
      activation text NOT NULL,
      replaces text,
      node_name text NOT NULL,
      node_incarnation bigint NOT NULL,
      address text NOT NULL,
      seal bigint NOT NULL
    ) WITH (fillfactor = 80);
    CREATE TABLE ${tables.of('member')} (
      cluster text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      incarnation bigint NOT NULL,
      address text NOT NULL,
      status text NOT NULL,
      lease_counter bigint NOT NULL,
      load bigint NOT NULL,
      reach text NOT NULL DEFAULT '',
      actor_types text NOT NULL,
      details text NOT NULL,
      seal bigint NOT NULL,
      PRIMARY KEY (cluster, name, incarnation)
    ) WITH (fillfactor = 50);
    CREATE TABLE ${tables.of('membership_view')} (
      cluster text COLLATE "C" PRIMARY KEY,
      version bigint NOT NULL,
      last_incarnation bigint NOT NULL
    );`,
];

/**
 * Makes the tables of a new schema, and brings older ones to the present version; several processes may do so at once. A user who may not make tables
 * needs ones that are there already.
 * @throws MoonpoolError STORAGE_TOO_NEW, and what the server says.
 */
export async function prepareSchema(session: PostgresSession, tables: PostgresTables): Promise<void> {
  // Who finds them as they should be needs no right to change them.
  if ((await versionOf(session, tables)) === SCHEMA_VERSION) return;
  await session.transact(async () => {
    await session.run(`SET LOCAL statement_timeout = ${MIGRATION_LIMIT_MS}; SET LOCAL lock_timeout = 0`);
    // Made under a lock, for `IF NOT EXISTS` alone fails when two do it at the same moment.
    await session.run(`SELECT pg_advisory_xact_lock(${LOCK_SPACE}, ${tables.number})`);
    const version = await versionOf(session, tables);
    if (version === SCHEMA_VERSION) return;
    if (version === 0) await makeSchema(session, tables);
    for (const step of STEPS.slice(version)) await session.run(step(tables));
    await session.run(`UPDATE ${tables.of('moonpool')} SET version = ${SCHEMA_VERSION}`);
  });
}

/** An administrator may have made an empty schema, whose owner is the user. */
async function makeSchema(session: PostgresSession, tables: PostgresTables): Promise<void> {
  const found = await session.rows('SELECT 1 AS found FROM pg_namespace WHERE nspname = $1', [tables.name]);
  if (found.length === 0) await session.run(`CREATE SCHEMA ${tables.schema}`);
  await session.run(`
    CREATE TABLE ${tables.of('moonpool')} (version integer NOT NULL);
    INSERT INTO ${tables.of('moonpool')} VALUES (0);`);
}

/** The version of the tables; 0 where there are none. @throws MoonpoolError STORAGE_TOO_NEW */
async function versionOf(session: PostgresSession, tables: PostgresTables): Promise<number> {
  const found = await session.rows(
    "SELECT 1 AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'moonpool'",
    [tables.name],
  );
  if (found.length === 0) return 0;
  const [row] = await session.rows(`SELECT max(version) AS version FROM ${tables.of('moonpool')}`);
  const version = row === undefined ? 0 : numberIn(row, 'version');
  if (version > SCHEMA_VERSION)
    throw new MoonpoolError('STORAGE_TOO_NEW', {
      message: `The schema ${tables.name} has tables of version ${version}; this version of Moonpool knows ${SCHEMA_VERSION}`,
    });
  return version;
}
