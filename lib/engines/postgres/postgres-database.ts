import type { MembershipStore } from '../../cluster/membership-store';
import type { ActorDirectory } from '../../directory/actor-directory';
import type { RandomProvider } from '../../providers/random-provider';
import type { TimeProvider } from '../../providers/time-provider';
import type { StateStorage } from '../../storage/state-storage';
import { openPool, type PostgresPool } from './postgres-driver';
import { inspectServer, type PostgresDurability } from './postgres-inspection';
import { postgresFailure } from './postgres-failure';
import { PostgresHeldConnection } from './postgres-held-connection';
import { placeOf, type PostgresAddress } from './postgres-place';
import { MIGRATION_LIMIT_MS, PostgresTables, prepareSchema } from './postgres-schema';
import { PostgresSessions } from './postgres-sessions';
import { postgresDirectory, postgresMembership, postgresStateStorage } from './postgres-stores';

/** How a database is used. */
export interface PostgresSetting {
  readonly connection?: string | PostgresAddress | undefined;
  /** The application's own, in place of a connection. */
  readonly pool?: PostgresPool | undefined;
  readonly schema: string;
  readonly durability: PostgresDurability;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** The clocks and dice of whoever uses it, and how long its leases are. */
export interface PostgresSurroundings {
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  /** The namespace of the cluster. */
  readonly cluster: string;
  /** How long a statement about the members is waited for, in milliseconds: a lease depends on it. */
  readonly memberTimeoutMs: number;
}

/** How much longer than the server a statement is waited for, in milliseconds: it says itself that one took too long, if it can. */
const GRACE_MS = 2_000;
/** Leases are renewed on connections of their own: one that is held, and two that work. */
const MEMBER_POOL_SIZE = 3;
/** The longest wait between two attempts to connect, in milliseconds. */
const MAX_WAIT_MS = 1_000;
/** How long a connection is silent before the systems look whether it is there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** State, membership and directory of a cluster in one schema of a database. */
export class PostgresDatabase {
  readonly storage: StateStorage;
  readonly directory: ActorDirectory;
  readonly membership: MembershipStore;
  private readonly states: PostgresSessions;
  private readonly members: PostgresSessions;
  /** Shows the server that this process lives, and hears what others announce. */
  private readonly held: PostgresHeldConnection;
  private readonly tables: PostgresTables;
  /** Those that this has opened, and so closes. */
  private readonly pools: readonly PostgresPool[];
  private stopping: Promise<void> | undefined;

  /** @throws MoonpoolError MISSING_PACKAGE */
  constructor(
    private readonly setting: PostgresSetting,
    private readonly surroundings: PostgresSurroundings,
  ) {
    const { pool, poolSize, statementTimeoutMs } = setting;
    const { cluster, memberTimeoutMs } = surroundings;
    const [statesPool, membersPool] =
      pool === undefined
        ? [this.openPool(poolSize, statementTimeoutMs), this.openPool(MEMBER_POOL_SIZE, memberTimeoutMs)]
        : [pool, pool];
    this.pools = pool === undefined ? [statesPool, membersPool] : [];
    for (const used of new Set([statesPool, membersPool])) used.on('error', ignoreLoss);
    this.tables = new PostgresTables(setting.schema);
    this.states = this.sessions(statesPool, setting.connectTimeoutMs, statementTimeoutMs + GRACE_MS);
    this.members = this.sessions(membersPool, Math.min(setting.connectTimeoutMs, memberTimeoutMs), memberTimeoutMs);
    this.held = new PostgresHeldConnection(this.members);
    this.storage = postgresStateStorage(this.states, this.tables, cluster);
    this.directory = postgresDirectory(this.states, this.tables);
    this.membership = postgresMembership(this.members, this.tables, cluster, this.held);
  }

  /**
   * Connects, looks whether the server can keep every text and keeps what it acknowledges, and makes the tables if they are not there.
   * @throws MoonpoolError STORAGE_UNAVAILABLE, STORAGE_UNSUITABLE, STORAGE_NOT_DURABLE, STORAGE_TOO_NEW, STORAGE_READ_ONLY
   */
  async start(): Promise<void> {
    const does = `prepare the schema ${this.tables.name}`;
    try {
      await this.states.use(does, (session) => prepareSchema(session, this.tables), MIGRATION_LIMIT_MS + GRACE_MS);
    } catch (error) {
      await this.stop();
      throw postgresFailure(error, this.states.place, does);
    }
  }

  /** Waits for all operations, then closes the connections. A pool of the application's own stays open. */
  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  private async close(): Promise<void> {
    this.held.stop();
    await Promise.all([this.states.stop(), this.members.stop()]);
    await Promise.all(this.pools.map((pool) => pool.end()));
    // One that is being closed may still lose a connection; one of the application's own is listened to by that.
    this.setting.pool?.removeListener('error', ignoreLoss);
  }

  private sessions(pool: PostgresPool, connectTimeoutMs: number, answerTimeoutMs: number): PostgresSessions {
    const { connection, durability } = this.setting;
    const maxWaitMs = Math.min(MAX_WAIT_MS, connectTimeoutMs / 4);
    const { time, random } = this.surroundings;
    const place = placeOf(connection);
    const inspect = inspectServer.bind(undefined, { place, durability, isOwn: connection !== undefined });
    return new PostgresSessions({
      ...{ pool, place, time, random },
      connectTimeoutMs,
      answerTimeoutMs,
      maxWaitMs,
      inspect,
    });
  }

  private openPool(size: number, statementTimeoutMs: number): PostgresPool {
    const { connection, connectTimeoutMs, lockTimeoutMs } = this.setting;
    return openPool({
      application_name: 'moonpool',
      ...(typeof connection === 'string' ? { connectionString: connection } : connection),
      max: size,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      // A process that stands still in the middle of a transaction must not hold its locks.
      idle_in_transaction_session_timeout: statementTimeoutMs,
    });
  }
}

/** A connection that nobody uses is missed by nobody. */
function ignoreLoss(): void {}
