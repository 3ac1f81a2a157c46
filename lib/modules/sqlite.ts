import { LeaseOptions } from '../cluster/lease-options';
import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { SqliteConnection } from '../engines/sqlite/sqlite-connection';
import { SqliteLockGuard } from '../engines/sqlite/sqlite-lock-guard';
import { sqliteDirectory, sqliteMembership, sqliteStateStorage } from '../engines/sqlite/sqlite-stores';
import { token } from '../injection/token';
import type { ContainerModule } from '../injection/container-module';
import { Logger } from '../observability/logger';
import { anyOf, count, flag, required } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { StateStorage } from '../persistence/state-storage';
import { HostProvider } from '../providers/host-provider';
import { LocalNode } from '../identity/local-node';

/** The options of {@link sqlite}. */
export interface SqliteOptions {
  /**
   * The database file, shared by all processes of the cluster on this machine; made when it does not exist. The members of the cluster are kept
   * beside it, in the same path with `-cluster` behind it.
   */
  readonly file: string;
  /** How long an operation waits while other processes hold the write lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number;
  /**
   * Whether the process of a node that was declared dead is ended (SIGKILL) when it stands still and holds the lock of the file: otherwise nobody
   * can write until it goes on. Only on Linux, only processes of this machine, and never one that runs. Default: true.
   */
  readonly endStoppedHolders?: boolean;
}

export const SQLITE_OPTIONS = optionTable<SqliteOptions>({
  file: required(
    anyOf(
      'the path of a file',
      (value) => typeof value === 'string' && value !== '' && value !== ':memory:' && !value.includes('\0'),
    ),
  ),
  busyTimeoutMs: count(0, 2 ** 31 - 1),
  endStoppedHolders: flag(),
});

/** How much of a lease is waited for the lock of the members: after it there must be time to free the lock and to renew. */
const LEASE_SHARE = 1 / 6;

/** The connection to the file of the members. */
const SqliteMembers = token<SqliteConnection>('SqliteMembers');

/**
 * State, membership and directory in SQLite: a cluster of processes on one machine. Every acknowledged write was
 * synced to the disk. Needs Node.js 22.13 or the package `libsql`.
 * @throws MoonpoolError INVALID_OPTION
 */
export function sqlite(options: SqliteOptions): ContainerModule {
  SQLITE_OPTIONS.check('sqlite', options);
  const { file, busyTimeoutMs = 5_000, endStoppedHolders = true } = options;
  return {
    name: 'sqlite',
    load(bind) {
      bind(SqliteConnection).toFactory([], () => new SqliteConnection({ file, part: 'states', busyTimeoutMs }));
      bind(StateStorage).toFactory([SqliteConnection], (connection) => sqliteStateStorage(connection));
      bind(ActorDirectory).toFactory([SqliteConnection], (connection) => sqliteDirectory(connection));
      // It depends on the other connection so that the file of the states is there before it is looked at.
      bind(SqliteMembers).toFactory([SqliteConnection, LeaseOptions], (_states, { ttlMs }) => {
        return new SqliteConnection({
          file,
          part: 'members',
          busyTimeoutMs: Math.min(busyTimeoutMs, ttlMs * LEASE_SHARE),
        });
      });
      bind(MembershipStore).toFactory(
        [SqliteMembers, LocalNode, HostProvider, Logger],
        (members, { cluster }, { identity: own }, logger) => {
          const guard = endStoppedHolders ? new SqliteLockGuard({ file, own, logger }) : undefined;
          return sqliteMembership(members, cluster, guard);
        },
      );
    },
  };
}
