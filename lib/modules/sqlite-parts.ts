import { LeaseOptions } from '../cluster/lease-options';
import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { SqliteConnection } from '../engines/sqlite/sqlite-connection';
import { SqliteLockGuard } from '../engines/sqlite/sqlite-lock-guard';
import { sqliteDirectory, sqliteMembership, sqliteStateStorage } from '../engines/sqlite/sqlite-stores';
import { LocalNode } from '../identity/local-node';
import type { Bind } from '../injection/container-module';
import { token } from '../injection/token';
import { Logger } from '../observability/logger';
import { StateStorage } from '../storage/state-storage';
import { HostProvider } from '../providers/host-provider';
import type { SqliteOptions } from './sqlite-options';

/** How much of a lease is waited for the lock of the members: after it there must be time to free the lock and to renew. */
const LEASE_SHARE = 1 / 6;

/** The connection to the file of the members. */
const SqliteMembers = token<SqliteConnection>('SqliteMembers');

/** The stores of a cluster in its two files. */
export function bindSqlite(bind: Bind, options: SqliteOptions): void {
  const { file, busyTimeoutMs = 5_000, endStoppedHolders = true } = options;
  bind(SqliteConnection).toFactory([], () => new SqliteConnection({ file, part: 'states', busyTimeoutMs }));
  bind(StateStorage).toFactory([SqliteConnection], (connection) => sqliteStateStorage(connection));
  bind(ActorDirectory).toFactory([SqliteConnection], (connection) => sqliteDirectory(connection));
  // It depends on the other connection so that the file of the states is there before it is looked at.
  bind(SqliteMembers).toFactory([SqliteConnection, LeaseOptions], (_states, { ttlMs }) => {
    return new SqliteConnection({ file, part: 'members', busyTimeoutMs: Math.min(busyTimeoutMs, ttlMs * LEASE_SHARE) });
  });
  bind(MembershipStore).toFactory(
    [SqliteMembers, LocalNode, HostProvider, Logger],
    (members, { cluster }, { identity: own }, logger) => {
      const guard = endStoppedHolders ? new SqliteLockGuard({ file, own, logger }) : undefined;
      return sqliteMembership(members, cluster, guard);
    },
  );
}
