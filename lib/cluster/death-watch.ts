import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { HostProvider } from '../providers/host-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { Member, MembershipView } from './membership-store';

/** How often it is looked whether processes have ended, in milliseconds: a look at a process takes microseconds. */
const LOOK_MS = 250;

/** What is needed to see processes end. */
export interface DeathWatchParts {
  readonly host: HostProvider;
  readonly time: TimeProvider;
  /** This node; undefined while it is none. */
  readonly self: () => NodeId | undefined;
  readonly view: () => MembershipView;
  /** Is called once for each member whose process was seen to have ended. */
  readonly onEnded: () => void;
}

/**
 * Sees members die whose processes are of this machine. A lease has to run out before anybody may take over from a node of which nothing is heard, for it
 * may stand still or be cut off; but a process that its kernel no longer has does nothing any more, and that is certain at once.
 */
export class DeathWatch {
  private timer: Timer | undefined;
  private isStopped = false;
  /** Those that were told of, and are not declared dead yet. */
  private told: ReadonlySet<string> = new Set();

  constructor(private readonly parts: DeathWatchParts) {}

  start(): void {
    this.timer = this.parts.time.schedule(LOOK_MS, () => this.look());
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  /** The members of the view whose processes have certainly ended. */
  ended(): readonly Member[] {
    const { host, self, view } = this.parts;
    const own = self();
    return view().members.filter(
      (member) =>
        member.status !== 'dead' &&
        member.origin !== undefined &&
        (own === undefined || !sameNode(member, own)) &&
        host.hasEnded(member.origin),
    );
  }

  private look(): void {
    if (this.isStopped) return;
    const ended = this.ended().map(formatNodeId);
    // What comes of it is not waited for, and a store that is away is not asked each time: the next renewal looks again.
    const isNew = ended.some((member) => !this.told.has(member));
    this.told = new Set(ended);
    if (isNew) this.parts.onEnded();
    this.start();
  }
}
