import { MEMBERSHIP_OPERATIONS, type MembershipStore } from '../../cluster/membership-store';
import { DIRECTORY_OPERATIONS, type ActorDirectory } from '../../directory/actor-directory';
import { isMoonpoolError } from '../../errors/moonpool-error';
import { STATE_OPERATIONS, type StateStorage } from '../../storage/state-storage';
import { relayed } from '../../providers/store-operations';
import { DIRECTORY_TEXTS, MEMBER_TEXTS, refusalOfTexts, STATE_TEXTS } from '../../storage/storable-texts';
import { ownDeliveries, ownSettlement } from './own-bytes';
import type { SqliteLockGuard } from './sqlite-lock-guard';
import type { SqliteExecutor } from './sqlite-operations';

/** What is stored of actors in SQLite. @param connection to the file of the states. */
export function sqliteStateStorage(connection: SqliteExecutor): StateStorage {
  const storage = relayed<StateStorage>(
    STATE_OPERATIONS,
    ({ name }, args, method) => refusalOfTexts<StateStorage>(STATE_TEXTS, method, args) ?? connection.run(name, args),
  );
  return {
    ...storage,
    deliver: (deliveries) => storage.deliver(ownDeliveries(deliveries)),
    settle: (settlement) => storage.settle(ownSettlement(settlement)),
  };
}

/** The directory in SQLite. @param connection to the file of the states. */
export function sqliteDirectory(connection: SqliteExecutor): ActorDirectory {
  return relayed<ActorDirectory>(
    DIRECTORY_OPERATIONS,
    ({ name }, args, method) =>
      refusalOfTexts<ActorDirectory>(DIRECTORY_TEXTS, method, args) ?? connection.run(name, args),
  );
}

/**
 * Membership in SQLite: the processes of one machine that share a file. Several clusters may share one.
 * @param connection to the file of the members. @param guard frees what dead members hold; undefined: nothing is freed.
 */
export function sqliteMembership(
  connection: SqliteExecutor,
  cluster: string,
  guard?: SqliteLockGuard,
): MembershipStore {
  return {
    shared: true,
    ...relayed<Omit<MembershipStore, 'bury'>>(MEMBERSHIP_OPERATIONS, async ({ name, reads }, args, method) => {
      const refusal = refusalOfTexts<MembershipStore>(MEMBER_TEXTS, method, args);
      if (refusal !== undefined) return refusal;
      try {
        return await connection.run(name, [cluster, ...args]);
      } catch (error) {
        // Leases depend on it, so whoever stands still with the lock in its hands does not keep it.
        const isFreed =
          reads !== true && isMoonpoolError(error, 'STORAGE_UNAVAILABLE') && guard?.freeMembers() === true;
        if (!isFreed) throw error;
        return connection.run(name, [cluster, ...args]);
      }
    }),
    bury: async (member) => guard?.bury(member),
  };
}
