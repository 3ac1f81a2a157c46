import type { DirectoryKind } from '../directory/directory-kind';
import type { PostgresDurability } from '../engines/postgres/postgres-inspection';
import type { PostgresPool } from '../engines/postgres/postgres-driver';
import { isConnectionString, type PostgresAddress } from '../engines/postgres/postgres-place';
import { anyOf, choice, count, secret, text, type OptionKind } from '../options/option-kind';
import type { OptionMistake, OptionPlace } from '../options/option-mistake';
import { optionTable } from '../options/option-table';

/** The options of `postgres`. Either `connection` or `pool` must be given. */
export interface PostgresOptions {
  /**
   * Where the database is: `postgres://user:password@host:5432/database`, with `?sslmode=verify-full` behind it for TLS; or the same by name, as the
   * package `pg` takes it. Its password stands in no message and no log.
   */
  readonly connection?: string | PostgresAddress;
  /** The application's own pool of the package `pg`, of at least 4 connections; one of them is held to listen. It is not closed. */
  readonly pool?: PostgresPool;
  /** The schema of the tables, made when it is not there. Applications of one schema are distinguished by their namespaces. Default: moonpool. */
  readonly schema?: string;
  /**
   * `strict`: the node does not start at a server on which `fsync` or `synchronous_commit` is off. `relaxed`: it does, and what was acknowledged may be
   * lost with the power of that server. Default: strict.
   */
  readonly durability?: PostgresDurability;
  /**
   * Where it is said on which node an actor is. `partitioned`: in the memory of the nodes, so that to find or to activate an actor costs no access to the database but the claim of its
   * state. `stored`: in the database. The same for all nodes and clients of a cluster. Default: partitioned.
   */
  readonly directory?: DirectoryKind;
  /** How many connections a node has to the states and the directory at most, besides 3 for its lease. Not with `pool`. Default: 8. */
  readonly poolSize?: number;
  /** How long a connection is waited for, in milliseconds. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may take, in milliseconds; those of the members take a quarter of a lease at most. Default: 10,000. */
  readonly statementTimeoutMs?: number;
  /** How long a statement waits for the locks of others, in milliseconds. Not with `pool`. Default: 5,000. */
  readonly lockTimeoutMs?: number;
}

export const POSTGRES_ADDRESS_OPTIONS = optionTable<PostgresAddress>(
  {
    host: text('the name of a host'),
    port: count(1, 65_535),
    database: text('the name of a database'),
    user: text('the name of a user'),
    password: secret(
      'a text or a function that gives one',
      (value) => typeof value === 'string' || typeof value === 'function',
    ),
    ssl: secret('true, false or options of TLS', (value) => typeof value === 'boolean' || isObject(value)),
    application_name: text('a name'),
    options: text('settings of the session'),
  },
  { isSecret: true },
);

const CONNECTION = 'a text that begins with postgres:// or an object { host, port, database, user, password, ssl }';

const connection: OptionKind<string | PostgresAddress> = {
  wanted: CONNECTION,
  mistakesIn: (value, place) =>
    isObject(value)
      ? POSTGRES_ADDRESS_OPTIONS.mistakesIn(value, place)
      : secret(CONNECTION, (given) => typeof given === 'string' && isConnectionString(given)).mistakesIn(value, place),
};

const pool: OptionKind<PostgresPool> = anyOf('a Pool of the package pg', (value) => {
  const { connect, on } = (value ?? {}) as Partial<Record<keyof PostgresPool, unknown>>;
  return typeof connect === 'function' && typeof on === 'function';
});

/** One connection listens, and a lease must not wait for the others. */
const LEAST_POOL = 4;
/** What PostgreSQL allows in a name without quotes, and its longest name. */
const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const timeout = (): OptionKind<number> => count(1, LONGEST_TIMEOUT_MS);

export const POSTGRES_OPTIONS = optionTable<PostgresOptions>(
  {
    connection,
    pool,
    schema: anyOf(
      'a name of lower-case letters, digits and _ that does not begin with pg_, of 63 characters at most',
      (value) => typeof value === 'string' && SCHEMA.test(value),
    ),
    durability: choice('strict', 'relaxed'),
    directory: choice('partitioned', 'stored'),
    poolSize: count(1, 1_000),
    connectTimeoutMs: timeout(),
    statementTimeoutMs: timeout(),
    lockTimeoutMs: timeout(),
  },
  { together: notTogether, isSecret: true },
);

function notTogether(options: PostgresOptions, { door }: OptionPlace): OptionMistake | undefined {
  if ((options.connection === undefined) === (options.pool === undefined))
    return {
      message: `${door} takes either a connection or a pool; ${options.pool === undefined ? 'none of them was' : 'both of them were'} given`,
      remedy: "Say where the database is: postgres({ connection: 'postgres://user@host/database' }).",
    };
  if (options.pool === undefined) return undefined;
  for (const name of ['poolSize', 'lockTimeoutMs'] as const)
    if (options[name] !== undefined)
      return { message: `The option ${name} of ${door} cannot be given with a pool`, remedy: 'Set it on the pool.' };
  const max = options.pool.options?.max;
  if (max === undefined || max >= LEAST_POOL) return undefined;
  return {
    message: `The pool of ${door} has ${max} connections at most; ${LEAST_POOL} are needed`,
    remedy: `Make it with max: ${LEAST_POOL} or more.`,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
