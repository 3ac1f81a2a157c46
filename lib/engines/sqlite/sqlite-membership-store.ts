import type { ExpectedView, JoinRequest, MembershipStore, MembershipView, MemberStatus } from '../../cluster/membership-store';
import type { NodeId } from '../../identity/node-id';
import type { SqliteConnection } from './sqlite-connection';

/** Membership in SQLite: the processes of one machine that share a file. Several clusters may share one. */
export class SqliteMembershipStore implements MembershipStore {
  readonly shared = true;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly cluster: string,
  ) {}

  read(): Promise<MembershipView> {
    return this.connection.run('readMembers', { cluster: this.cluster });
  }

  join(request: JoinRequest, expectedVersion: number): Promise<NodeId | undefined> {
    return this.connection.run('joinCluster', { ...request, cluster: this.cluster, expectedVersion });
  }

  renew(node: NodeId, load: number): Promise<boolean> {
    return this.connection.run('renewLease', { cluster: this.cluster, node, load });
  }

  changeStatus(node: NodeId, status: MemberStatus, expected: ExpectedView): Promise<boolean> {
    const { name, incarnation } = node;
    return this.connection.run('changeMember', { cluster: this.cluster, node: { name, incarnation }, status, expected });
  }
}
