import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { Member, MembershipView } from './membership-store';

/** The last change of a member's lease counter, by the observer's own clock. */
interface Observation {
  readonly leaseCounter: number;
  readonly seenAt: number;
}

/**
 * Suspects members whose lease counter has not changed for too long. It compares no clocks: it measures by its own
 * monotonic clock, from the answer that first showed the counter to the question whose answer still shows it, which is
 * never more than the member itself has gone without a renewal.
 */
export class FailureDetector {
  private readonly observations = new Map<string, Observation>();

  /** @param deathAfterMs how long a counter may stand still, in milliseconds of the observer's clock. */
  constructor(private readonly deathAfterMs: number) {}

  /** Whether the counter of the member was seen to grow within the time, or to be there for the first: what the member has reported is not old then. @param withinMs of the observer's clock, until now. */
  hasRenewed(member: Member, now: number, withinMs: number): boolean {
    const observation = this.observations.get(formatNodeId(member));
    return observation !== undefined && now - observation.seenAt <= withinMs;
  }

  /** When the next member will have to be suspected, if its counter stands still until then: by the observer's clock; Infinity when there is none. */
  get nextSuspicionAt(): number {
    let earliest = Infinity;
    for (const { seenAt } of this.observations.values()) earliest = Math.min(earliest, seenAt);
    return earliest + this.deathAfterMs;
  }

  /**
   * Notes a view and returns the members that must be dead.
   * @param askedAt when the view was asked for; @param answeredAt when it came.
   */
  observe(view: MembershipView, self: NodeId | undefined, askedAt: number, answeredAt: number): readonly Member[] {
    const suspects: Member[] = [];
    const present = new Set<string>();
    for (const member of view.members) {
      if (member.status === 'dead' || (self !== undefined && sameNode(member, self))) continue;
      const id = formatNodeId(member);
      present.add(id);
      const observation = this.observations.get(id);
      if (observation === undefined || member.leaseCounter > observation.leaseCounter) {
        this.observations.set(id, { leaseCounter: member.leaseCounter, seenAt: answeredAt });
      } else if (askedAt - observation.seenAt > this.deathAfterMs && member.leaseCounter === observation.leaseCounter) {
        suspects.push(member);
      }
    }
    for (const id of this.observations.keys()) if (!present.has(id)) this.observations.delete(id);
    return suspects;
  }
}
