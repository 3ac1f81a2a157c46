import { noAnswer } from '../concurrency/promised';
import { isMoonpoolError } from '../errors/moonpool-error';
import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { Timer } from '../providers/time-provider';
import { readMembers } from './asked-members';
import { DeathDeclarations } from './death-declarations';
import { FailureDetector } from './failure-detector';
import { declaredDead, LEASE_RAN_OUT, outOfReach, storeIsGone, type Fencing } from './fencing';
import { majorityWithout } from './isolation';
import { Joining } from './joining';
import { deathAfterMs, RENEWALS_PER_LEASE } from './lease-options';
import { otherClustersOf } from './join-notices';
import type { Member, MembershipView } from './membership-store';
import type { MembershipParts } from './membership-parts';
import { changeOwnStatus } from './own-status';
import { StoreOutage } from './store-outage';
import { SuspicionAlarm } from './suspicion-alarm';
import { timelyView } from './timely-view';
import { ViewListeners } from './view-listeners';

const NO_VIEW: MembershipView = { version: -1, members: [] };

/**
 * This node's place in its cluster: it joins, renews its lease, follows the view, and declares others dead. A client
 * only follows the view.
 */
export class Membership {
  private current: MembershipView = NO_VIEW;
  private readonly detector: FailureDetector;
  private readonly deaths: DeathDeclarations;
  private readonly renewalPeriodMs: number;
  private readonly listeners = new ViewListeners();
  private readonly fencedListeners: ((fencing: Fencing) => void)[] = [];
  private timer: Timer | undefined;
  private readonly suspicion: SuspicionAlarm;
  private stopped = false;
  private readonly outage: StoreOutage;
  private refreshing: Promise<void> | undefined;
  /** What is said by a node that gives itself up. */
  private farewell: Promise<void> | undefined;

  constructor(private readonly parts: MembershipParts) {
    const { options, buggify } = parts;
    this.detector = new FailureDetector(deathAfterMs(options));
    this.outage = new StoreOutage(parts.time, parts.logger);
    this.suspicion = new SuspicionAlarm(parts.time, () => this.refreshSoon());
    this.listeners.onDeath((member) => this.onSeenDead(member));
    // Who is new has opened its session by then, and is to be seen with it before it can be missed.
    this.listeners.onView(() => this.lookForEnds());
    this.deaths = new DeathDeclarations({
      ...parts,
      self: () => this.self,
      view: () => this.current,
      isLive: (member) => this.isLive(member),
      adopt: (view) => this.adopt(view),
      onEnded: () => this.refreshSoon(),
    });
    const periodMs = options.ttlMs / RENEWALS_PER_LEASE;
    this.renewalPeriodMs = buggify.knob('renewal-interval', periodMs, { low: periodMs / 10, high: periodMs });
  }

  /** True when all nodes of the cluster are in the store, and not this process alone. */
  get isShared(): boolean {
    return this.parts.store.shared;
  }

  /** False from a renewal, or a look at the view, that failed until one that did not. */
  get reachesStore(): boolean {
    return !this.outage.lasts;
  }

  get view(): MembershipView {
    return this.current;
  }

  /** Joins the cluster (a client only reads the view) and begins to renew and to watch. */
  async start(): Promise<void> {
    const { local, store, lease } = this.parts;
    if (local.role === 'node') {
      const sentAt = await this.join();
      if (store.shared) this.confirm(sentAt);
      else lease.neverEnds();
    }
    try {
      await this.refresh();
    } catch (error) {
      // Others would place actors on a node that has joined and does not start, until its lease has run out.
      await this.stop();
      throw error;
    }
    this.scheduleTick();
    if (local.role === 'node' && store.shared) this.deaths.watch(local.node);
  }

  /** Tells the others that this node takes no new actors. */
  async leave(): Promise<void> {
    await changeOwnStatus('leaving', this.parts);
  }

  /** Tells the others that this node has ended, so that they take over at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.outage.end();
    this.cancelTimers();
    const { lease, local } = this.parts;
    if (lease.held && local.hasJoined) {
      lease.end();
      await changeOwnStatus('dead', this.parts);
    }
    await this.farewell;
    await this.deaths.stop();
  }

  /** A connection to another process was lost: perhaps it has ended. */
  lookForEnds(): void {
    this.deaths.lookForEnds();
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

  /** Is notified of each view with a new version, before anybody is told who has died in it. */
  onView(listener: (view: MembershipView) => void): void {
    this.listeners.onView(listener);
  }

  /** Is notified of each member that this node sees die. */
  onDeath(listener: (member: Member) => void): void {
    this.listeners.onDeath(listener);
  }

  /** Learns when this node must serve no more. */
  onFenced(listener: (fencing: Fencing) => void): void {
    this.fencedListeners.push(listener);
  }

  /** Reads the view now; calls that overlap share one read. Throws what the store throws. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** The namespaces of other clusters in the same store, as far as it tells: for messages about a cluster in which nobody is. */
  otherClusters(): Promise<readonly string[]> {
    return otherClustersOf(this.parts.store);
  }

  private join(): Promise<number> {
    const { local, actorTypes, actorVersions, labels, host, terms } = this.parts;
    const { name, address, cluster } = local;
    const said = { name, address, actorTypes, labels, origin: host.identity, terms };
    const request = actorVersions === undefined ? said : { ...said, actorVersions };
    return new Joining({ ...this.parts, cluster }).join(request, local);
  }

  private async read(): Promise<void> {
    const { store, time } = this.parts;
    const askedAt = time.now();
    const view = await readMembers(store);
    const { self } = this;
    const suspects = this.detector.observe(view, self, askedAt, time.now());
    this.adopt(view);
    if (!store.shared || self === undefined) return;
    const isolation = this.isolationOf(self);
    if (isolation !== undefined) {
      this.giveUp(isolation);
      return;
    }
    if (!this.stopped) this.suspicion.set(this.detector.nextSuspicionAt, this.renewalPeriodMs);
    await this.deaths.declare(suspects);
  }

  /** Why this node must give itself up, by what the others have reported lately; mostly undefined. */
  private isolationOf(self: NodeId): Fencing | undefined {
    const { reach, time } = this.parts;
    if (reach.isolationMs === 0 || this.stopped) return undefined;
    const living = this.current.members.filter(({ status }) => status !== 'dead');
    const isFresh = (member: Member) => this.detector.hasRenewed(member, time.now(), 2 * this.renewalPeriodMs);
    const group = majorityWithout(self, living, isFresh);
    return group === undefined ? undefined : outOfReach(group, living.length);
  }

  /** First it serves no more, and then it says so: nobody takes over before. */
  private giveUp(fencing: Fencing): void {
    this.fence(fencing);
    this.farewell = changeOwnStatus('dead', this.parts);
  }

  /** This node; undefined for a client, and before it has joined. */
  private get self(): NodeId | undefined {
    const { local } = this.parts;
    return local.role === 'node' && local.hasJoined ? local.node : undefined;
  }

  private refreshSoon(): void {
    this.refresh().catch((error: unknown) => this.outage.failed(error));
  }

  private adopt(view: MembershipView): void {
    const before = this.current;
    // Answers may overtake each other; views never go back.
    if (view.version < before.version) return;
    this.current = view;
    if (view.version === before.version) return;
    this.listeners.tell(
      view,
      before.members.filter((member) => member.status !== 'dead' && !this.isLive(member)),
    );
    const { local } = this.parts;
    if (local.role === 'node' && local.hasJoined && !this.stopped && !this.isLive(local.node)) {
      this.fence(declaredDead(view, local.node, local.address));
    }
  }

  private onSeenDead(member: Member): void {
    const { events } = this.parts;
    if (events.enabled) events.record('member-dead', { node: formatNodeId(member), view: this.current.version });
    this.deaths.bury(member);
  }

  private cancelTimers(): void {
    this.timer?.cancel();
    this.suspicion.cancel();
  }

  private scheduleTick(): void {
    if (this.stopped) return;
    const { time, load } = this.parts;
    const dueAt = time.now() + this.renewalPeriodMs;
    this.timer = time.schedule(this.renewalPeriodMs, () => {
      load.note(time.now() - dueAt);
      // Ticks do not wait for each other: a renewal that hangs must not keep the next from being tried.
      if (this.parts.local.role === 'node' && !this.parts.lease.held) this.fence(LEASE_RAN_OUT);
      else void this.tick();
      this.scheduleTick();
    });
  }

  private async tick(): Promise<void> {
    try {
      if (this.parts.local.role === 'node') await this.renew();
      if (!this.stopped) await this.refresh();
      this.outage.succeeded();
    } catch (error) {
      this.outage.failed(error);
      // A store that is away may come back; one that was taken away does not, and what is written to it is lost.
      if (isMoonpoolError(error, 'STORAGE_REPLACED')) this.fence(storeIsGone(error.detail, error.remedy));
    }
  }

  private async renew(): Promise<void> {
    const { store, local, lease, time } = this.parts;
    const sentAt = time.now();
    const alive: unknown = await store.renew(local.node, this.parts.load.value, this.parts.reach.report);
    // An engine that answers something else has not said that this node is dead.
    if (typeof alive !== 'boolean') throw noAnswer('answer to a renewal', alive);
    if (this.stopped) return;
    if (!alive) {
      // That it is dead is certain; the view is read only to say who has taken its place.
      lease.end();
      this.fence(declaredDead(await timelyView(this.parts, this.current), local.node, local.address));
      return;
    }
    if (store.shared) this.confirm(sentAt);
  }

  /** The store has confirmed the lease that was asked for then. */
  private confirm(sentAt: number): void {
    const { lease, local, time, events } = this.parts;
    lease.renewed(sentAt);
    if (events.enabled) events.record('lease-renewed', { node: local.toString(), askedMsAgo: time.now() - sentAt });
  }

  private fence(fencing: Fencing): void {
    if (this.stopped) return;
    this.stopped = true;
    this.cancelTimers();
    const { lease, local, events } = this.parts;
    lease.end();
    void this.deaths.stop();
    if (events.enabled)
      events.record('lease-lost', { node: local.toString(), why: fencing.why, ranOut: fencing === LEASE_RAN_OUT });
    for (const listener of this.fencedListeners) listener(fencing);
  }
}
