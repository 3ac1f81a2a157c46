import type { Buggify } from '../chaos/buggify';
import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { LocalNode } from '../handshake/local-node';
import { FailureDetector } from './failure-detector';
import type { Lease } from './lease';
import { deathAfterMs, type LeaseOptions } from './lease-options';
import type { Member, MembershipStore, MembershipView, MemberStatus } from './membership-store';

/** What the membership of a node needs. */
export interface MembershipParts {
  readonly local: LocalNode;
  readonly store: MembershipStore;
  readonly lease: Lease;
  readonly options: LeaseOptions;
  readonly actorTypes: readonly string[];
  readonly time: TimeProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly logger: Logger;
}

const NO_VIEW: MembershipView = { version: -1, members: [] };

/**
 * This node's place in its cluster: it joins, renews its lease, follows the view, and declares others dead. A client
 * only follows the view.
 */
export class Membership {
  private current: MembershipView = NO_VIEW;
  private readonly detector: FailureDetector;
  private readonly renewalPeriodMs: number;
  private readonly deathListeners: ((member: Member) => void)[] = [];
  private readonly fencedListeners: ((why: string) => void)[] = [];
  private timer: Timer | undefined;
  private stopped = false;
  private refreshing: Promise<void> | undefined;

  /** Says how many activations this node has; the catalog sets it. */
  load: () => number = () => 0;

  constructor(private readonly parts: MembershipParts) {
    const { options, buggify } = parts;
    this.detector = new FailureDetector(deathAfterMs(options));
    const periodMs = options.ttlMs / 3;
    this.renewalPeriodMs = buggify.knob('renewal-interval', periodMs, { low: periodMs / 10, high: periodMs });
  }

  get view(): MembershipView {
    return this.current;
  }

  /** Joins the cluster (a client only reads the view) and begins to renew and to watch. */
  async start(): Promise<void> {
    const { local, store, lease } = this.parts;
    if (local.role === 'node') {
      const sentAt = await this.join();
      if (store.shared) lease.renewed(sentAt);
      else lease.neverEnds();
    }
    await this.refresh();
    this.scheduleTick();
  }

  /** Tells the others that this node takes no new actors. */
  async leave(): Promise<void> {
    await this.changeOwnStatus('leaving');
  }

  /** Tells the others that this node has ended, so that they take over at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    const { lease, local } = this.parts;
    if (!lease.held || !local.hasJoined) return;
    lease.end();
    await this.changeOwnStatus('dead');
  }

  /** False when the incarnation is dead or was forgotten. One that is newer than the view is taken to live. */
  isLive(node: NodeId): boolean {
    let newest = 0;
    for (const member of this.current.members) {
      if (sameNode(member, node)) return member.status !== 'dead';
      newest = Math.max(newest, member.incarnation);
    }
    return node.incarnation > newest;
  }

  /** The active members that host the actor type. */
  hostsOf(actorType: string): readonly Member[] {
    return this.current.members.filter((member) => member.status === 'active' && member.actorTypes.includes(actorType));
  }

  /** Is told of each member that this node sees die. */
  onDeath(listener: (member: Member) => void): void {
    this.deathListeners.push(listener);
  }

  /** Is told when this node must serve no more. */
  onFenced(listener: (why: string) => void): void {
    this.fencedListeners.push(listener);
  }

  /** Reads the view now; calls that overlap share one read. Throws what the store throws. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** Joins on the latest view, however many others join at the same time. Returns when the join that succeeded was sent. */
  private async join(): Promise<number> {
    const { local, store, time, actorTypes } = this.parts;
    for (;;) {
      const { version } = await store.read();
      const sentAt = time.now();
      const node = await store.join({ name: local.name, address: local.address, actorTypes }, version);
      if (node === undefined) continue;
      local.join(node);
      return sentAt;
    }
  }

  private async read(): Promise<void> {
    const { store, time, local } = this.parts;
    const askedAt = time.now();
    const view = await store.read();
    const self = local.role === 'node' && local.hasJoined ? local.node : undefined;
    const suspects = this.detector.observe(view, self, askedAt, time.now());
    this.adopt(view);
    if (!store.shared || self === undefined) return;
    for (const suspect of suspects) await this.declareDead(suspect);
  }

  private async declareDead(suspect: Member): Promise<void> {
    const { store, logger } = this.parts;
    const { version } = this.current;
    const declared = await store.changeStatus(suspect, 'dead', { version, leaseCounter: suspect.leaseCounter });
    if (!declared) return;
    logger.warn('a node did not renew its lease and was declared dead', { node: formatNodeId(suspect), address: suspect.address });
    this.adopt(await store.read());
  }

  private adopt(view: MembershipView): void {
    const before = this.current;
    // Answers may overtake each other; views never go back.
    if (view.version < before.version) return;
    this.current = view;
    if (view.version === before.version) return;
    for (const member of before.members) {
      if (member.status !== 'dead' && !this.isLive(member)) this.announceDeath(member);
    }
    const { local } = this.parts;
    if (local.role === 'node' && local.hasJoined && !this.stopped && !this.isLive(local.node)) {
      this.fence('the cluster has declared this node dead');
    }
  }

  private announceDeath(member: Member): void {
    const { events } = this.parts;
    if (events.enabled) events.record('member-dead', { node: formatNodeId(member), view: this.current.version });
    for (const listener of this.deathListeners) listener(member);
  }

  private scheduleTick(): void {
    if (this.stopped) return;
    this.timer = this.parts.time.schedule(this.renewalPeriodMs, () => {
      // Ticks do not wait for each other: a renewal that hangs must not keep the next from being tried.
      if (this.parts.local.role === 'node' && !this.parts.lease.held) this.fence('its lease was not renewed in time');
      else void this.tick();
      this.scheduleTick();
    });
  }

  private async tick(): Promise<void> {
    try {
      if (this.parts.local.role === 'node') await this.renew();
      if (!this.stopped) await this.refresh();
    } catch (error) {
      this.parts.logger.error('the membership store could not be reached', error);
    }
  }

  private async renew(): Promise<void> {
    const { store, local, lease, time, events } = this.parts;
    const sentAt = time.now();
    const alive = await store.renew(local.node, this.load());
    if (this.stopped) return;
    if (!alive) {
      this.fence('the cluster has declared this node dead');
      return;
    }
    if (store.shared) lease.renewed(sentAt);
    if (events.enabled) events.record('lease-renewed', { node: local.toString() });
  }

  private fence(why: string): void {
    if (this.stopped) return;
    this.stopped = true;
    this.timer?.cancel();
    const { lease, local, events } = this.parts;
    lease.end();
    if (events.enabled) events.record('lease-lost', { node: local.toString(), why });
    for (const listener of this.fencedListeners) listener(why);
  }

  /** Tries a few times, for others may change the view meanwhile; a node that cannot say goodbye is noticed anyway. */
  private async changeOwnStatus(status: MemberStatus): Promise<void> {
    const { store, local, logger } = this.parts;
    if (local.role === 'client') return;
    try {
      for (let attempt = 0; attempt < 10; attempt++) {
        const { version } = await store.read();
        if (await store.changeStatus(local.node, status, { version })) return;
      }
    } catch (error) {
      logger.error(`this node could not tell the cluster that it is ${status}`, error);
    }
  }
}
