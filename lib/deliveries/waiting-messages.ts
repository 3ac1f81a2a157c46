import type { NewDelivery } from '../storage/stored-delivery';
import { Places } from './places';

/** One actor may have so many that wait for each other one that could: a burst for one that is busy is sent by whoever has committed it. */
const SHARE_OF_ROOM = 8;

/** A message that waits until fewer are under way. */
interface WaitingMessage<T> {
  readonly delivery: T;
  /** By the monotonic clock. */
  readonly until: number;
}

/** Messages that wait until fewer are under way: those to one actor in their order, and the actors in turn, so that none waits for another that hangs. */
export class WaitingMessages<T extends Pick<NewDelivery, 'target'>> {
  /** By the paths of the actors; whose turn comes first stands first. */
  private readonly queues = new Map<string, WaitingMessage<T>[]>();
  private readonly places: Places;

  /** @param capacity how many may wait. */
  constructor(capacity: number) {
    this.places = new Places(capacity, SHARE_OF_ROOM);
  }

  get isEmpty(): boolean {
    return this.queues.size === 0;
  }

  /** @param until when it is left to the node that is responsible for it. One for which there is no room is left at once. */
  add(delivery: T, until: number): void {
    const { target } = delivery;
    if (!this.places.admits(target)) return;
    this.places.take(target);
    const queue = this.queues.get(target);
    if (queue === undefined) this.queues.set(target, [{ delivery, until }]);
    else queue.push({ delivery, until });
  }

  /** The next one that may begin, and has not waited too long; undefined when there is none. Only actors that have some under way are passed over. */
  next(now: number, mayBegin: (actor: string) => boolean): T | undefined {
    for (const [actor, queue] of this.queues) {
      if (!mayBegin(actor)) continue;
      this.queues.delete(actor);
      const next = this.shift(actor, queue, now);
      if (queue.length > 0) this.queues.set(actor, queue);
      if (next !== undefined) return next;
    }
    return undefined;
  }

  clear(): void {
    for (const [actor, queue] of this.queues) for (const _message of queue) this.places.giveBack(actor);
    this.queues.clear();
  }

  private shift(actor: string, queue: WaitingMessage<T>[], now: number): T | undefined {
    for (let first = queue.shift(); first !== undefined; first = queue.shift()) {
      this.places.giveBack(actor);
      if (first.until > now) return first.delivery;
    }
    return undefined;
  }
}
