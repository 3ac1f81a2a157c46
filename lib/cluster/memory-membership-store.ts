import { sameNode, type NodeId } from '../identity/node-id';
import {
  KEPT_DEAD,
  type ExpectedView,
  type JoinRequest,
  type Member,
  type MembershipStore,
  type MembershipView,
  type MemberStatus,
} from './membership-store';
import { REACHES_ALL, type ReachReport } from './reach-report';

/** Membership kept in memory: for one process and its tests. Also the model of what every other store does. */
export class MemoryMembershipStore implements MembershipStore {
  readonly shared = false;
  private version = 0;
  private lastIncarnation = 0;
  private members: readonly Member[] = [];

  async read(): Promise<MembershipView> {
    return { version: this.version, members: this.members };
  }

  async join(request: JoinRequest, expectedVersion: number): Promise<NodeId | undefined> {
    if (expectedVersion !== this.version) return undefined;
    const incarnation = ++this.lastIncarnation;
    const survivors = this.members
      .filter((member) => member.name !== request.name || member.status !== 'dead')
      .map((member) => {
        const replaced = member.name === request.name || member.address === request.address;
        return replaced ? { ...member, status: 'dead' as const } : member;
      });
    const joined: Member = { ...request, incarnation, status: 'active', leaseCounter: 0, load: 0 };
    this.replaceMembers(withoutLongDead([...survivors, joined]));
    return { name: request.name, incarnation };
  }

  async renew(node: NodeId, load: number, reach: ReachReport = REACHES_ALL): Promise<boolean> {
    const member = this.living(node);
    if (member === undefined) return false;
    this.replace({ ...member, leaseCounter: member.leaseCounter + 1, load, reach });
    return true;
  }

  async changeStatus(node: NodeId, status: MemberStatus, expected: ExpectedView): Promise<boolean> {
    const member = this.living(node);
    if (member === undefined || expected.version !== this.version) return false;
    if (expected.leaseCounter !== undefined && expected.leaseCounter !== member.leaseCounter) return false;
    this.replace({ ...member, status });
    this.version++;
    return true;
  }

  private living(node: NodeId): Member | undefined {
    return this.members.find((member) => sameNode(member, node) && member.status !== 'dead');
  }

  private replace(changed: Member): void {
    this.members = this.members.map((member) => (sameNode(member, changed) ? changed : member));
  }

  private replaceMembers(members: readonly Member[]): void {
    this.members = [...members].sort(byNameAndIncarnation);
    this.version++;
  }
}

function withoutLongDead(members: readonly Member[]): readonly Member[] {
  const dead = members.filter(({ status }) => status === 'dead').sort((a, b) => b.incarnation - a.incarnation);
  const forgotten = new Set(dead.slice(KEPT_DEAD));
  return members.filter((member) => !forgotten.has(member));
}

function byNameAndIncarnation(a: Member, b: Member): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.incarnation - b.incarnation;
}
