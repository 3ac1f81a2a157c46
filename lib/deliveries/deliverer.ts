import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { Buggify } from '../chaos/buggify';
import { Deferred } from '../concurrency/deferred';
import type { LocalNode } from '../identity/local-node';
import type { DELIVERY_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { StateStorage } from '../storage/state-storage';
import type { DeliveryRange, StoredDelivery } from '../storage/stored-delivery';
import { AttemptLedger } from './attempt-ledger';
import type { DeliveryCalls } from './delivery-calls';
import { isUnplanned, occurrenceOf } from './delivery-occurrence';
import type { DeliveryOptions } from './delivery-options';
import { decodeDelivery, encodeDelivery, type DeliveryRecord } from './delivery-record';
import { DuePage, type ChosenDelivery, type DueVerdict, type Reading } from './due-page';
import { HeldBack } from './held-back';
import { Places } from './places';
import { ringPartOf, WHOLE_RING } from './ring';
import { nextDue, type Occurrence } from './schedule';
import { settle } from './stored-deliveries';

/** What the deliverer of a node needs from it. */
export interface DelivererParts {
  readonly local: LocalNode;
  readonly membership: Membership;
  readonly lease: Lease;
  readonly storage: StateStorage;
  readonly calls: DeliveryCalls;
  readonly options: DeliveryOptions;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly buggify: Buggify;
  readonly refusals: RefusalLog;
  readonly counters: Bound<typeof DELIVERY_METRICS>;
}

/** A reminder by a pattern is to be given its first due time; undefined: it has none. */
interface PlanTask {
  readonly record: DeliveryRecord;
  readonly plannedAt: number | undefined;
}

/** A call is to be made. */
interface CallTask {
  readonly record: DeliveryRecord;
  readonly occurrence: Occurrence;
}

type DeliveryTask = PlanTask | CallTask;

/** How likely it is that buggify has two nodes deliver the same. */
const RARELY = { strikes: 0.05 };

/**
 * Delivers what is due in this node's part of the ring: it looks for it, calls the actors, and settles what was executed. Whatever becomes
 * of the node, what is not settled is still in the store, and whoever has its part then delivers it.
 */
export class Deliverer {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly page: DuePage;
  private readonly ledger: AttemptLedger;
  private readonly places: Places;
  private readonly heldBack = new HeldBack();
  private isStopped = false;
  private readonly stopping = new Deferred<void>();
  private waking = new Deferred<void>();
  private longestLateMs = 0;

  constructor(private readonly parts: DelivererParts) {
    this.page = new DuePage(`${parts.local.cluster}/`);
    this.ledger = new AttemptLedger(parts);
    this.places = new Places(parts.options.maxUnderWay);
  }

  /** How many deliveries are under way. */
  get size(): number {
    return this.underWay.size;
  }

  /** How long the longest due delivery of this part had been due when that was last looked at, in milliseconds. */
  get lateMs(): number {
    return this.longestLateMs;
  }

  start(): void {
    this.parts.tasks.spawn('deliver what is due', () => this.run());
  }

  /** Begins nothing any more, and gives what is under way a while to end. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopping.resolve();
    this.waking.resolve();
    const { lease, calls } = this.parts;
    if (lease.held && this.underWay.size > 0) await this.grace();
    // Where nobody could be called they would be tried again until their time is over, and the end of the node would wait for them.
    calls.giveUp();
  }

  private async grace(): Promise<void> {
    const { time, options } = this.parts;
    const limit = new Deferred<void>();
    const timer = time.schedule(options.graceMs, () => limit.resolve());
    await Promise.race([Promise.all(this.underWay.values()), limit.promise]);
    timer.cancel();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.waking = new Deferred();
      const waitMs = await this.round();
      if (!this.isStopped) await this.pause(waitMs);
      // However much there is to do, and however quickly it fails: others have their turn too.
      await this.parts.tasks.yield();
    }
  }

  /** Begins what is due and may be begun. Returns how long to wait before the next look, in milliseconds. */
  private async round(): Promise<number> {
    const { options, storage, time, refusals, lease } = this.parts;
    const pollMs = options.pollMs * (1 - this.parts.random.fraction() / 4);
    const range = this.range();
    if (range === undefined || !lease.held || this.places.free === 0) return pollMs;
    this.heldBack.release(this.places);
    const { leftOut } = this.heldBack;
    const limit = this.page.limitFor(options.maxUnderWay);
    try {
      const readings = await Promise.all(
        this.heldBack.without(range).map(async (part) => ({ due: await storage.due(part, limit), at: time.now() })),
      );
      const begun = this.begin(readings);
      if (this.page.isCut && (begun > 0 || this.page.canGrow || this.heldBack.leftOut > leftOut)) return 0;
      return Math.min(
        pollMs,
        ...readings.map(({ due: { nextAt = Number.POSITIVE_INFINITY, now } }) => Math.max(0, nextAt - now)),
      );
    } catch (error) {
      refusals.note('what is to be delivered could not be read', 'the store', () => ({ error }));
      return pollMs;
    }
  }

  /** Its part of the ring; undefined while it has none. */
  private range(): DeliveryRange | undefined {
    const { membership, local, buggify } = this.parts;
    if (!local.hasJoined) return undefined;
    const range = ringPartOf(membership.view.members, local.node);
    return range !== undefined && buggify.enabled && buggify.strikes('delivery-ranges-overlap', RARELY)
      ? WHOLE_RING
      : range;
  }

  /** Returns how many were begun. */
  private begin(readings: readonly Reading[]): number {
    const tasks = new Map<StoredDelivery, DeliveryTask>();
    const fresh = this.page.choose(readings, (due) => this.admit(due, tasks));
    const [first] = fresh;
    this.longestLateMs = this.lateMsOf(first?.delivery.dueAt, (first?.reading ?? readings[0])?.due.now);
    for (const [delivery, task] of tasks) {
      const work = this.deliver(delivery, task).finally(() => this.onEnded(delivery));
      this.underWay.set(delivery.id, work);
    }
    return fresh.length;
  }

  /** Gives the delivery a place if there is one for its actor; one that cannot be read gets none. @param tasks takes what is to be done. */
  private admit({ delivery, reading }: ChosenDelivery, tasks: Map<StoredDelivery, DeliveryTask>): DueVerdict {
    const { places, underWay } = this;
    if (underWay.has(delivery.id)) return 'wait';
    if (places.free === 0) return 'crowded';
    if (!places.admits(delivery.target)) return this.heldBack.add(delivery) ? 'wait' : 'pass over';
    let task: DeliveryTask;
    try {
      task = this.taskOf(delivery, reading);
    } catch (error) {
      this.page.passOver(delivery);
      const said = 'a delivery that cannot be read was left as it is';
      this.parts.refusals.note(said, delivery.id, () => ({ error }));
      return 'pass over';
    }
    places.take(delivery.target);
    tasks.set(delivery, task);
    return 'begin';
  }

  private onEnded({ id, target }: StoredDelivery): void {
    this.underWay.delete(id);
    this.places.giveBack(target);
    const { page, places } = this;
    // Each look reads a whole page: one for many places that have become free.
    const isWorthALook = page.isCut || (page.isCrowded && !places.areScarce);
    if (isWorthALook || this.heldBack.mayGoOn(target, places)) this.waking.resolve();
  }

  /** @param first when the first was due that is begun. @param now of the store. */
  private lateMsOf(first: number | undefined, now: number | undefined): number {
    const earliest = Math.min(first ?? Number.POSITIVE_INFINITY, this.heldBack.earliest ?? Number.POSITIVE_INFINITY);
    return now === undefined || !Number.isFinite(earliest) ? 0 : Math.max(0, now - earliest);
  }

  /** Never rejects. What goes wrong leaves the delivery as it is. */
  private async deliver(stored: StoredDelivery, task: DeliveryTask): Promise<void> {
    const { refusals, options } = this.parts;
    try {
      if ('plannedAt' in task) await this.plan(stored, task);
      else await this.attempt(stored, task);
    } catch (error) {
      refusals.note('what became of a delivery could not be written, so that it is made again', stored.id, () => ({
        error,
      }));
      // It is still due, and would be made again and again while the store refuses what comes of it.
      await this.waitOut(options.pollMs);
    }
  }

  /** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, and what a pattern throws that this process cannot read */
  private taskOf({ id, target, data, dueAt }: StoredDelivery, { due, at }: Reading): DeliveryTask {
    const record = decodeDelivery(id, target, data);
    const now = due.now + (this.parts.time.now() - at);
    const since = dueAt ?? now;
    if (!isUnplanned(record)) return { record, occurrence: occurrenceOf(record, since, now) };
    // The first due time of a pattern is the first one after it was written, by the clock that wrote that down.
    return { record, plannedAt: record.reminder === undefined ? undefined : nextDue(record.reminder.schedule, since) };
  }

  private async plan({ id, version }: StoredDelivery, { record, plannedAt }: PlanTask): Promise<void> {
    const next =
      plannedAt === undefined
        ? undefined
        : { due: { at: plannedAt }, data: encodeDelivery(id, { ...record, dueAt: plannedAt }) };
    await settle(this.parts.storage, { id, version, next }, this.parts.time);
    // It may be due before the next look.
    this.waking.resolve();
  }

  private async attempt(stored: StoredDelivery, { record, occurrence }: CallTask): Promise<void> {
    const { calls, lease } = this.parts;
    // However many fail, each for itself: those that would not must not wait for a place until they have given up.
    const outcome = await calls.attempt(record, occurrence, () => !this.places.areScarce);
    // An end of this node says nothing about the delivery; but what was executed need not be done again.
    if (!lease.held || (this.isStopped && outcome.kind !== 'executed')) return;
    await this.ledger.write({ stored, record, occurrence, outcome });
  }

  /** Waits, but not when this node ends. */
  private async waitOut(waitMs: number): Promise<void> {
    const over = new Deferred<void>();
    const timer = this.parts.time.schedule(waitMs, () => over.resolve());
    await Promise.race([over.promise, this.stopping.promise]);
    timer.cancel();
  }

  /** Waits, but not beyond the moment at which there is something to look for. */
  private async pause(waitMs: number): Promise<void> {
    const timer = this.parts.time.schedule(waitMs, () => this.waking.resolve());
    await this.waking.promise;
    timer.cancel();
  }
}
