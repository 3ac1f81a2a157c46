import { IndexedHeap, type HeapItem } from '../../concurrency/indexed-heap';
import type { EventFields } from '../../observability/event-log';
import { KeyedRandom } from '../random/keyed-random';
import { Xoshiro } from '../random/xoshiro';
import type { NodeLife } from './node-life';
import { Timeline } from './timeline';

/** Something that will happen at a moment of virtual time. */
export class WorldEvent implements HeapItem {
  heapIndex = -1;

  constructor(
    readonly at: number,
    readonly tieBreak: number,
    readonly sequence: number,
    /** Whose it is: it never happens when that life ends before. Undefined for the world's own. */
    readonly owner: NodeLife | undefined,
    /** What it is, for the hash and for people. */
    readonly kind: string,
    readonly run: () => void,
  ) {}
}

/** An invariant that did not hold, or something else that ends a run. */
export type Failure = unknown;

/**
 * A world of virtual time: a clock, and the events that are to come. It knows nothing of networks or actors. Events of
 * equal time happen in an order that the seed decides, so that different seeds explore different orders.
 */
export class World {
  readonly random: KeyedRandom;
  readonly timeline = new Timeline();
  private readonly queue = new IndexedHeap<WorldEvent>(
    (a, b) => a.at < b.at || (a.at === b.at && (a.tieBreak < b.tieBreak || (a.tieBreak === b.tieBreak && a.sequence < b.sequence))),
  );
  private readonly tieBreaks: Xoshiro;
  private time = 0;
  private scheduled = 0;
  private happened = 0;
  private firstFailure: { readonly error: Failure } | undefined;

  constructor(readonly seed: number) {
    this.random = new KeyedRandom(seed);
    this.tieBreaks = new Xoshiro(this.random.seedOf('tie-break'));
  }

  /** Milliseconds of virtual time since the beginning. */
  get now(): number {
    return this.time;
  }

  /** How many events have happened. */
  get eventCount(): number {
    return this.happened;
  }

  /** How many events are to come. */
  get pendingCount(): number {
    return this.queue.size;
  }

  /** What has gone wrong first, if anything has. */
  get failure(): { readonly error: Failure } | undefined {
    return this.firstFailure;
  }

  /** Makes something happen after the delay in milliseconds. */
  schedule(owner: NodeLife | undefined, delayMs: number, kind: string, run: () => void): WorldEvent {
    const event = new WorldEvent(this.time + Math.max(0, delayMs), this.tieBreaks.uint32(), this.scheduled++, owner, kind, run);
    this.queue.add(event);
    return event;
  }

  /** Keeps an event from happening; does nothing when it has happened. */
  cancel(event: WorldEvent): void {
    this.queue.remove(event);
  }

  /** Takes out all events of a life that has ended, and returns how many there were. */
  purge(owner: NodeLife): number {
    return this.queue.removeWhere((event) => event.owner === owner);
  }

  /** Lets the next event happen. False when there is none. */
  step(): boolean {
    const event = this.queue.take();
    if (event === undefined) return false;
    this.time = event.at;
    this.happened++;
    this.timeline.mixEngineEvent(event.at, event.kind, 0);
    event.run();
    return true;
  }

  /** Takes down an event of the world or of a node. */
  record(node: string, name: string, fields?: EventFields): void {
    this.timeline.record(this.time, node, name, fields);
  }

  /** Ends the run: the first failure counts. */
  fail(error: Failure): void {
    this.firstFailure ??= { error };
  }
}
