import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';
import { IN_CONTRACTS, whole } from '../injection/whole-contract';
import type { ProcessIdentity } from '../providers/host-provider';
import type { OperationTable } from '../providers/store-operations';
import type { HostedVersions } from './hosted-versions';
import type { Labels } from './labels';
import type { ClusterTerms } from './cluster-terms';
import type { MemberSession } from './member-session';
import type { ReachReport } from './reach-report';

/** What a node is to its cluster. */
export type MemberStatus = 'active' | 'leaving' | 'dead';

/** One incarnation of a node, as the cluster knows it. */
export interface Member extends NodeId {
  /** Where it listens, as {@link formatAddress} writes it. */
  readonly address: string;
  readonly status: MemberStatus;
  /** Grows by one with each renewal of the lease. Observers watch it change by their own clock and compare no clocks. */
  readonly leaseCounter: number;
  /** The actor types that the node hosts. */
  readonly actorTypes: readonly string[];
  /** The versions of those that are not of the first one. */
  readonly actorVersions?: HostedVersions;
  /** What was said of the node when it started. Of nodes of Moonpool 0.1 nothing is known. */
  readonly labels?: Labels;
  /** How many activations the node had when it last renewed its lease. */
  readonly load: number;
  /** Which members it did not reach then. Undefined of nodes that do not say so. */
  readonly reach?: ReachReport;
  /** What it said of its process when it joined. */
  readonly origin?: ProcessIdentity;
  /** What it said of its options when it joined. */
  readonly terms?: ClusterTerms;
}

/** The members of a cluster at one moment. Views of one cluster are totally ordered by their version. */
export interface MembershipView {
  /** Grows by one with each change of a member's status; renewals leave it as it is. */
  readonly version: number;
  /** All incarnations that are not dead, and the last dead one of each name as far as it is kept; sorted by name, then incarnation. */
  readonly members: readonly Member[];
}

/**
 * How many dead members are kept with a join: those with the greatest incarnations. Who is not in the view and is no newer than all who are is dead, so nothing is lost
 * with the others but what they were called; nodes that are given a new name at each start would be kept for ever otherwise.
 */
export const KEPT_DEAD = 64;

/** What a node says of itself when it joins. */
export interface JoinRequest {
  readonly name: string;
  readonly address: string;
  readonly actorTypes: readonly string[];
  /** The versions of those that are not of the first one. A store keeps it as it is. */
  readonly actorVersions?: HostedVersions;
  /** What its operator says of it. A store keeps it as it is. */
  readonly labels?: Labels;
  /** Which process it is: told to whoever finds its name taken. A store keeps it as it is. */
  readonly origin?: ProcessIdentity;
  /** What must be the same for all nodes: a node that differs from the members does not join. A store keeps it as it is. */
  readonly terms?: ClusterTerms;
}

/** What must still hold for a change of a member's status to be made. */
export interface ExpectedView {
  /** The version of the view on which the change was decided. */
  readonly version: number;
  /**
   * The lease counter that the member must still have. Given when a member is declared dead: a renewal that came in
   * between proves it alive.
   */
  readonly leaseCounter?: number;
}

/**
 * The table of members, one for each cluster. Every method throws MoonpoolError STORAGE_UNAVAILABLE when the store did
 * not answer; the operation then may have been applied.
 */
export interface MembershipStore {
  /**
   * False when all nodes of the cluster live in this process: then they stop and continue together, nobody could take
   * over from another, and leases never end.
   */
  readonly shared: boolean;
  read(): Promise<MembershipView>;
  /**
   * Adds a new incarnation, greater than all before it in the cluster, with status `active`. In the same step earlier incarnations with
   * the same name or address are declared dead: their process is gone, for its successor holds the name. Of the dead {@link KEPT_DEAD} are kept.
   * Undefined when the view has another version than expected: read it again and try again. So a join that was sent by a
   * process which died, and that arrives after its successor's, does not declare the successor dead.
   */
  join(request: JoinRequest, expectedVersion: number): Promise<NodeId | undefined>;
  /**
   * Adds 1 to the lease counter and notes the load, and whom the node does not reach in place of what it said of that last. False when the incarnation is dead or unknown to the store: then it
   * must stop serving.
   */
  renew(node: NodeId, load: number, reach?: ReachReport): Promise<boolean>;
  /**
   * Changes the status, if what is expected still holds; the view's version grows by one. False when it does not, or when
   * the member is dead or unknown: read again and decide again.
   */
  changeStatus(node: NodeId, status: MemberStatus, expected: ExpectedView): Promise<boolean>;
  /**
   * Is told by each node of each member that it sees dead. A store may take from the member's process what it still
   * holds, such as a lock; not every store has anything to take.
   */
  bury?(member: Member): Promise<void>;
  /**
   * The namespaces of other clusters that have members in the same store, at most five, in order. Asked only to say more
   * where nobody was found: a name may have been mistyped. A store of one cluster has none.
   */
  otherClusters?(): Promise<readonly string[]>;
  /**
   * Has the listener called soon after the view may have changed, until what it returns is called: then the view is read at once, and not only with the next
   * renewal. It may be called without a change, and changes may be missed. A store that hears of no changes has no such method.
   */
  onChange?(listener: () => void): () => void;
  /**
   * Opens the session of a node that has joined: with its first question, and again whenever it was lost. So deaths of processes of other machines are noticed long before
   * their leases have run out. A store that does not notice the ends of processes has no such method.
   */
  openSession?(node: NodeId): MemberSession;
}
export const MembershipStore = token<MembershipStore>(
  'MembershipStore',
  whole(
    'MembershipStore',
    () => {
      // A store that only this process reaches has no other clusters.
      const { otherClusters: _optional, ...required } = MEMBERSHIP_OPERATIONS;
      return required;
    },
    IN_CONTRACTS,
  ),
);

/** The operations of {@link MembershipStore}. To bury a member is none, for it concerns what its process holds, and nor are to listen and to open a session. */
export const MEMBERSHIP_OPERATIONS = {
  read: { name: 'members', does: 'list the members', reads: true, urgent: true },
  join: { name: 'join', does: 'let a node join' },
  renew: { name: 'renew', does: 'renew a lease', urgent: true },
  changeStatus: { name: 'status', does: 'change the status of a member' },
  otherClusters: { name: 'clusters', does: 'list other clusters', reads: true },
} as const satisfies OperationTable<Omit<MembershipStore, 'bury'>>;
