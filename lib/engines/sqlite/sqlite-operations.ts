import type { ExpectedView, JoinRequest, MembershipView, MemberStatus } from '../../cluster/membership-store';
import type { Registration } from '../../directory/actor-directory';
import type { NodeId } from '../../identity/node-id';
import type { StateWrite, StoredState, WriteOutcome } from '../../persistence/state-storage';

/** What an operation is asked, by name: this crosses to the thread of the database. */
export interface SqliteRequests {
  claimState: { readonly actor: string };
  writeState: StateWrite;
  readState: { readonly actor: string };
  lookupActor: { readonly actor: string };
  registerActor: { readonly candidate: Registration; readonly replaces: string | undefined };
  unregisterActor: { readonly actor: string; readonly activation: string };
  readMembers: { readonly cluster: string };
  otherClusters: { readonly cluster: string };
  joinCluster: JoinRequest & { readonly cluster: string; readonly expectedVersion: number };
  renewLease: { readonly cluster: string; readonly node: NodeId; readonly load: number };
  changeMember: {
    readonly cluster: string;
    readonly node: NodeId;
    readonly status: MemberStatus;
    readonly expected: ExpectedView;
  };
}

/** What an operation answers. */
export interface SqliteAnswers {
  claimState: StoredState;
  writeState: WriteOutcome;
  readState: StoredState | undefined;
  lookupActor: Registration | undefined;
  registerActor: Registration;
  unregisterActor: undefined;
  readMembers: MembershipView;
  otherClusters: readonly string[];
  joinCluster: NodeId | undefined;
  renewLease: boolean;
  changeMember: boolean;
}

export type SqliteOperationName = keyof SqliteRequests;

/** Some operations in terms of SQL. Each runs inside a transaction that others may share. */
export type SqliteOperations<N extends SqliteOperationName> = {
  [Name in N]: (request: SqliteRequests[Name]) => SqliteAnswers[Name];
};

/** Those of the file of the states. */
export type StateOperationName =
  | 'claimState'
  | 'writeState'
  | 'readState'
  | 'lookupActor'
  | 'registerActor'
  | 'unregisterActor';

/** Those of the file of the members. */
export type MemberOperationName = Exclude<SqliteOperationName, StateOperationName>;

/** Has operations run, wherever the database is. */
export interface SqliteExecutor {
  run<N extends SqliteOperationName>(name: N, request: SqliteRequests[N]): Promise<SqliteAnswers[N]>;
}

/** Operations that write nothing: a batch of these alone takes no lock. */
export const READ_OPERATIONS: ReadonlySet<SqliteOperationName> = new Set([
  'readState',
  'readMembers',
  'otherClusters',
  'lookupActor',
]);

/** Operations that go before others in a batch, because a lease depends on them. */
export const URGENT_OPERATIONS: ReadonlySet<SqliteOperationName> = new Set(['renewLease', 'readMembers']);
