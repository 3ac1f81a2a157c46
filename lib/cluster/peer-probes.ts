import { formatNodeId } from '../identity/node-id';
import type { LocalNode } from '../identity/local-node';
import { scheduleLook } from '../providers/awake-timer';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { NodeEndpoints } from '../services/node-endpoints';
import { ProbeService } from '../services/probe-service';
import type { Member } from './membership-store';
import type { Membership } from './membership';
import type { Reach } from './reach';

/** How often a member is asked while it may be silent. */
const QUESTIONS = 3;

/** What is needed to find out whom this node reaches. */
export interface PeerProbesParts {
  readonly membership: Membership;
  readonly endpoints: NodeEndpoints;
  readonly local: LocalNode;
  readonly time: TimeProvider;
  readonly reach: Reach;
}

/**
 * Finds out which other members this node reaches: it asks each of them now and then by a request which the process itself must answer, for a machine accepts connections for a process that stands
 * still, and what is heard on a connection may come one way alone.
 */
export class PeerProbes {
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(private readonly parts: PeerProbesParts) {}

  start(): void {
    const { membership, local, reach } = this.parts;
    if (local.role === 'client' || !membership.isShared || reach.isolationMs === 0) return;
    this.look();
    this.lookOnAndOn();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private lookOnAndOn(): void {
    const { time, reach } = this.parts;
    this.timer = scheduleLook(time, reach.isolationMs / QUESTIONS, (standstillMs) => {
      if (this.isStopped) return;
      reach.excuse(standstillMs);
      this.look();
      this.lookOnAndOn();
    });
  }

  private look(): void {
    const { membership, local, reach } = this.parts;
    reach.follow(membership.view.members, local.node);
    for (const member of reach.members) void this.probe(member);
  }

  /** Each may take as long as nobody counts as out of reach: a process that is slow answers late, and answers. */
  private async probe(member: Member): Promise<void> {
    const { endpoints, reach } = this.parts;
    try {
      const client = endpoints.connect(ProbeService, member.address);
      const { node } = await client.$with({ timeoutMs: reach.isolationMs }).probe();
      // Behind an address there may be another life of the node by now.
      if (node === formatNodeId(member)) reach.answers(member);
    } catch {
      // That it cannot be reached is what is to be found out.
    }
  }
}
