import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { NetworkProvider } from '../providers/network-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { MemberSession } from './member-session';
import type { Member, MembershipView } from './membership-store';
import { refusesConnections } from './refused-port';

/** How often a port must have refused, one attempt after the other: something on the way may refuse now and then, though the node lives. */
const REFUSALS = 8;
/** How long between two attempts, in milliseconds. */
const PAUSE_MS = 50;
/** After how long it is looked again once a connection was lost, in milliseconds each: the store notices the end of a session by itself, and not at the same moment. */
const LOOKS_MS: readonly number[] = [50, 150, 400, 1_000];

/** What is needed to see sessions of members end. */
export interface SessionWatchParts {
  readonly network: NetworkProvider;
  readonly time: TimeProvider;
  /** This node; undefined while it is none. */
  readonly self: () => NodeId | undefined;
  readonly view: () => MembershipView;
  readonly isLive: (node: NodeId) => boolean;
  /** Is called for each member whose process has surely ended. */
  readonly onEnded: (member: Member) => void;
}

/**
 * Sees members die whose processes are on other machines, by two witnesses: their session with the store has ended, and their own machine says that nobody listens at their address any more. Each of the
 * two happens to nodes that live: a database that is started again ends sessions, and something on the way refuses connections. Both of one node, one after the other, do not.
 * Where there is a single one, the lease decides.
 */
export class SessionWatch {
  private session: MemberSession | undefined;
  private isLooking = false;
  private looksAgain = false;
  private readonly questioned = new Set<string>();
  private timer: Timer | undefined;

  constructor(private readonly parts: SessionWatchParts) {}

  /** Begins to look. The session is opened with the first look. */
  start(session: MemberSession): void {
    this.session = session;
    this.look();
  }

  /** Looks no more, and ends the session of this node. */
  async stop(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    this.timer?.cancel();
    await session?.close();
  }

  /**
   * A connection was lost, perhaps because its node has died, or the view has changed: looks at once, and some more times from now on. One who has just joined takes its session a moment later, and counts for
   * nothing here until it was seen to have it.
   */
  lookOften(): void {
    this.look();
    this.timer?.cancel();
    this.lookLater(0);
  }

  /** Looks now; a look that is under way is followed by another one. */
  look(): void {
    this.looksAgain = true;
    if (this.isLooking) return;
    this.isLooking = true;
    void this.lookOnAndOn();
  }

  private lookLater(index: number): void {
    const delayMs = LOOKS_MS[index];
    this.timer =
      delayMs === undefined || this.session === undefined
        ? undefined
        : this.parts.time.schedule(delayMs, () => {
            this.look();
            this.lookLater(index + 1);
          });
  }

  private async lookOnAndOn(): Promise<void> {
    while (this.looksAgain && this.session !== undefined) {
      this.looksAgain = false;
      for (const member of await this.withoutSession(this.others())) void this.question(member);
    }
    this.isLooking = false;
  }

  private others(): readonly Member[] {
    const own = this.parts.self();
    return this.parts
      .view()
      .members.filter(({ status }) => status !== 'dead')
      .filter((member) => own === undefined || !sameNode(member, own));
  }

  /** Nobody, while the store cannot be asked: renewals tell people of that. */
  private async withoutSession(members: readonly Member[]): Promise<readonly Member[]> {
    try {
      const ended = (await this.session?.ended(members)) ?? [];
      return members.filter((member) => ended.some((node) => sameNode(node, member)));
    } catch {
      return [];
    }
  }

  /** Asks the second witness, and then the first one once more: a node that lives has taken its session again by then. */
  private async question(member: Member): Promise<void> {
    const id = formatNodeId(member);
    if (this.questioned.has(id)) return;
    this.questioned.add(id);
    try {
      if ((await this.isGone(member)) && this.isAsked(member)) this.parts.onEnded(member);
    } finally {
      this.questioned.delete(id);
    }
  }

  private async isGone(member: Member): Promise<boolean> {
    const { network, time } = this.parts;
    for (let attempt = 1; attempt <= REFUSALS; attempt++) {
      if (attempt > 1) await time.sleep(PAUSE_MS);
      if (!this.isAsked(member) || !(await refusesConnections(member.address, network, time))) return false;
    }
    // All others too, for what is not asked about is forgotten.
    return (await this.withoutSession(this.others())).some((other) => sameNode(other, member));
  }

  private isAsked(member: Member): boolean {
    return this.session !== undefined && this.parts.isLive(member);
  }
}
