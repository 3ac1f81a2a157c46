import type {
  ExpectedView,
  JoinRequest,
  Member,
  MembershipStore,
  MembershipView,
  MemberStatus,
} from '../../cluster/membership-store';
import { isMoonpoolError } from '../../errors/moonpool-error';
import type { NodeId } from '../../identity/node-id';
import type { SqliteLockGuard } from './sqlite-lock-guard';
import type { MemberOperationName, SqliteAnswers, SqliteExecutor, SqliteRequests } from './sqlite-operations';

/** Membership in SQLite: the processes of one machine that share a file. Several clusters may share one. */
export class SqliteMembershipStore implements MembershipStore {
  readonly shared = true;

  /** @param connection to the file of the members. @param guard frees what dead members hold; undefined: nothing is freed. */
  constructor(
    private readonly connection: SqliteExecutor,
    private readonly cluster: string,
    private readonly guard?: SqliteLockGuard,
  ) {}

  read(): Promise<MembershipView> {
    return this.connection.run('readMembers', { cluster: this.cluster });
  }

  join(request: JoinRequest, expectedVersion: number): Promise<NodeId | undefined> {
    return this.change('joinCluster', { ...request, cluster: this.cluster, expectedVersion });
  }

  renew(node: NodeId, load: number): Promise<boolean> {
    return this.change('renewLease', { cluster: this.cluster, node, load });
  }

  changeStatus(node: NodeId, status: MemberStatus, expected: ExpectedView): Promise<boolean> {
    const { name, incarnation } = node;
    return this.change('changeMember', { cluster: this.cluster, node: { name, incarnation }, status, expected });
  }

  async bury(member: Member): Promise<void> {
    this.guard?.bury(member);
  }

  otherClusters(): Promise<readonly string[]> {
    return this.connection.run('otherClusters', { cluster: this.cluster });
  }

  /** Leases depend on it, so whoever stands still with the lock in its hands does not keep it. */
  private async change<N extends MemberOperationName>(name: N, request: SqliteRequests[N]): Promise<SqliteAnswers[N]> {
    try {
      return await this.connection.run(name, request);
    } catch (error) {
      if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE') || this.guard?.freeMembers() !== true) throw error;
      return this.connection.run(name, request);
    }
  }
}
