import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { TimeProvider } from '../providers/time-provider';
import type { Member } from './membership-store';
import { REACHES_ALL, type ReachReport } from './reach-report';

/** Which other members this node reaches: when each of them was last known to answer. */
export class Reach {
  private readonly answeredAt = new Map<string, { readonly member: Member; at: number }>();

  /** @param isolationMs after how long without an answer a member counts as out of reach, in milliseconds; 0: never. */
  constructor(
    private readonly time: TimeProvider,
    readonly isolationMs: number,
  ) {}

  /** What this node has to say at present. */
  get report(): ReachReport {
    return this.isolationMs === 0
      ? REACHES_ALL
      : { unreached: this.silentFor(this.isolationMs), doubted: this.silentFor(this.isolationMs / 2) };
  }

  /** These are the members that live, from now on; this node need not be reached. Whoever is new has answered now. */
  follow(members: readonly Member[], self: NodeId): void {
    const others = members.filter((member) => member.status !== 'dead' && !sameNode(member, self));
    const known = new Set(others.map(formatNodeId));
    for (const id of this.answeredAt.keys()) if (!known.has(id)) this.answeredAt.delete(id);
    for (const member of others) {
      const id = formatNodeId(member);
      if (!this.answeredAt.has(id)) this.answeredAt.set(id, { member, at: this.time.now() });
    }
  }

  /** Those who are followed. */
  get members(): readonly Member[] {
    return [...this.answeredAt.values()].map(({ member }) => member);
  }

  answers(node: NodeId): void {
    const known = this.answeredAt.get(formatNodeId(node));
    if (known !== undefined) known.at = this.time.now();
  }

  /** This process stood still for so long, and could hear nobody. */
  excuse(standstillMs: number): void {
    for (const known of this.answeredAt.values()) known.at = Math.min(known.at + standstillMs, this.time.now());
  }

  private silentFor(ms: number): readonly number[] {
    const since = this.time.now() - ms;
    const silent = [...this.answeredAt.values()].filter(({ at }) => at < since);
    return silent.map(({ member }) => member.incarnation).sort((a, b) => a - b);
  }
}
