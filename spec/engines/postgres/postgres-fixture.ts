import type { EventEmitter } from 'node:events';
import { Client, Pool } from 'pg';
import { PostgresDatabase, type PostgresSetting } from '../../../lib/engines/postgres/postgres-database';
import { NodeRandomProvider } from '../../../lib/providers/node/node-random-provider';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';
import { ADMIN, PASSWORD, type PostgresServer } from './postgres-server';

let schemas = 0;

/** The name of a schema that nobody has used. */
export function freshSchema(): string {
  return `spec_${++schemas}`;
}

/** A database as a node opens it. */
export function databaseOf(
  server: PostgresServer,
  schema: string,
  setting: Partial<PostgresSetting> = {},
  cluster = 'spec',
): PostgresDatabase {
  return new PostgresDatabase(
    {
      connection: server.url(),
      schema,
      durability: 'strict',
      poolSize: 4,
      connectTimeoutMs: 5_000,
      statementTimeoutMs: 5_000,
      lockTimeoutMs: 5_000,
      ...setting,
    },
    { time: new NodeTimeProvider(), random: new NodeRandomProvider(), cluster, memberTimeoutMs: 2_000 },
  );
}

export async function openDatabase(
  ...args: [server: PostgresServer, schema: string, setting?: Partial<PostgresSetting>, cluster?: string]
): Promise<PostgresDatabase> {
  const database = databaseOf(...args);
  await database.start();
  return database;
}

/** Hears of refusals as from a server whose `lc_messages` is German; the binaries of the specs have no catalogues of messages. */
class GermanClient extends Client {
  constructor(...args: ConstructorParameters<typeof Client>) {
    super(...args);
    const { connection } = this as unknown as { readonly connection: EventEmitter };
    connection.prependListener('errorMessage', (said: { severity: string }) => {
      if (said.severity === 'ERROR') said.severity = 'FEHLER';
    });
  }
}

/** A pool of connections to a server that speaks German. */
export function germanPool({ port }: PostgresServer, lockTimeoutMs: number): Pool {
  const address = { host: '127.0.0.1', port, user: ADMIN, password: PASSWORD, database: 'postgres' };
  // The types of `pg` do not know that its pool takes the class of its connections.
  const options = { ...address, Client: GermanClient, max: 8, lock_timeout: lockTimeoutMs };
  return new Pool(options);
}

/** Runs statements as the administrator, and returns the rows of the last one. */
export async function asAdmin(
  { port }: PostgresServer,
  ...statements: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ host: '127.0.0.1', port, user: ADMIN, password: PASSWORD, database: 'postgres' });
  await client.connect();
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const text of statements) rows = (await client.query<Record<string, unknown>>(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** What a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tries until it succeeds, for 10 seconds. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (const until = Date.now() + 10_000; ; await sleep(20)) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}
