import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { SqliteConnection } from '../engines/sqlite/sqlite-connection';
import { SqliteDirectory } from '../engines/sqlite/sqlite-directory';
import { SqliteMembershipStore } from '../engines/sqlite/sqlite-membership-store';
import { SqliteStateStorage } from '../engines/sqlite/sqlite-state-storage';
import type { ContainerModule } from '../injection/container-module';
import { anyOf, count, required } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { StateStorage } from '../persistence/state-storage';
import { LocalNode } from '../handshake/local-node';

/** The options of {@link sqlite}. */
export interface SqliteOptions {
  /** The database file, shared by all processes of the cluster on this machine; made when it does not exist. */
  readonly file: string;
  /** How long an operation waits while other processes hold the write lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number;
}

export const SQLITE_OPTIONS = optionTable<SqliteOptions>({
  file: required(anyOf('the path of a file', (value) => typeof value === 'string' && value !== '' && value !== ':memory:' && !value.includes('\0'))),
  busyTimeoutMs: count(0, 2 ** 31 - 1),
});

/**
 * State, membership and directory in one SQLite file: a cluster of processes on one machine. Every acknowledged write was
 * synced to the disk. Needs Node.js 22.13 or the package `libsql`.
 * @throws MoonpoolError INVALID_OPTION
 */
export function sqlite(options: SqliteOptions): ContainerModule {
  SQLITE_OPTIONS.check('sqlite', options);
  const { file, busyTimeoutMs = 5_000 } = options;
  return {
    name: 'sqlite',
    load(bind) {
      bind(SqliteConnection).toFactory([], () => new SqliteConnection({ file, busyTimeoutMs }));
      bind(StateStorage).toFactory([SqliteConnection], (connection) => new SqliteStateStorage(connection));
      bind(ActorDirectory).toFactory([SqliteConnection], (connection) => new SqliteDirectory(connection));
      bind(MembershipStore).toFactory([SqliteConnection, LocalNode], (connection, local) => new SqliteMembershipStore(connection, local.cluster));
    },
  };
}
