import type { EventFields, ShownValue } from '../../observability/event-log';
import type { NodeLife } from './node-life';
import type { TimelineEventName } from './event-names';
import type { RunningHash } from './running-hash';
import { formatTime } from './virtual-time';

/** Something that happened in the world and is worth telling. */
export interface TimelineEvent {
  /** Its place among all events of the timeline, from 1. */
  readonly sequence: number;
  /** Milliseconds of virtual time. */
  readonly at: number;
  /** The node in whose hands it happened; the empty string for the world itself. */
  readonly node: string;
  /** Which life of the node that was, from 1; 0 for the world. */
  readonly generation: number;
  readonly name: TimelineEventName;
  readonly fields: EventFields;
  /** Of a fault, what became known of it a moment later: whom it hit, for how long. For people; no part of the hash. */
  told?: EventFields;
}

/** Is notified of each event when it is taken down. */
export type TimelineListener = (event: TimelineEvent) => void;

const NO_FIELDS: EventFields = {};

/** What happened, in order: the last events kept for people, all of them hashed and told to the listeners. */
export class Timeline {
  /** Is shown the values that go with the events, each after its event; nobody is unless it is set. */
  onValue: ((value: ShownValue) => void) | undefined;
  private readonly ring: TimelineEvent[] = [];
  private readonly listeners: TimelineListener[] = [];
  private readonly subscribers = new Map<string, TimelineListener[]>();
  private recorded = 0;

  /**
   * @param fail called with what a listener throws: whoever has made the event happen must neither see it nor swallow it.
   * @param capacity how many of the last events are kept.
   */
  constructor(
    private readonly hash: RunningHash,
    private readonly fail: (error: unknown) => void,
    private readonly capacity = 500,
  ) {}

  /** How many events there were. */
  get count(): number {
    return this.recorded;
  }

  /** Has the listener told of every event. @param names only of events with one of these names. */
  listen(listener: TimelineListener, names?: readonly TimelineEventName[]): void {
    if (names === undefined) {
      this.listeners.push(listener);
      return;
    }
    for (const name of names) {
      const others = this.subscribers.get(name);
      if (others === undefined) this.subscribers.set(name, [listener]);
      else others.push(listener);
    }
  }

  record(
    at: number,
    life: NodeLife | undefined,
    name: TimelineEventName,
    fields: EventFields = NO_FIELDS,
  ): TimelineEvent {
    const sequence = ++this.recorded;
    const event: TimelineEvent = {
      sequence,
      at,
      node: life?.machine ?? '',
      generation: life?.generation ?? 0,
      name,
      fields,
    };
    this.ring[(sequence - 1) % this.capacity] = event;
    this.addToHash(event);
    this.tell(this.listeners, event);
    const subscribers = this.subscribers.get(name);
    if (subscribers !== undefined) this.tell(subscribers, event);
    return event;
  }

  /** The last events, oldest first. */
  last(count: number): readonly TimelineEvent[] {
    const wanted = Math.min(count, this.capacity, this.recorded);
    return Array.from({ length: wanted }, (_, index) => {
      return this.ring[(this.recorded - wanted + index) % this.capacity] as TimelineEvent;
    });
  }

  private tell(listeners: readonly TimelineListener[], event: TimelineEvent): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.fail(error);
      }
    }
  }

  private addToHash({ at, node, generation, name, fields }: TimelineEvent): void {
    const { hash } = this;
    hash.addNumber(at);
    hash.addText(node);
    hash.addWord(generation);
    hash.addText(name);
    // Each event comes this way: a list of pairs would cost more than the hash of them.
    for (const field in fields) {
      const value = fields[field];
      hash.addText(field);
      if (typeof value === 'number') hash.addNumber(value);
      else hash.addText(String(value));
    }
  }
}

/** Where and when an event was, in a few words. */
export function placeOfEvent({ sequence, at, node, generation, name }: TimelineEvent): string {
  return `event ${sequence}, ${name} ${node === '' ? 'in the world' : `on ${node}.${generation}`} at ${formatTime(at)}`;
}

/** An event as one readable line. */
export function formatPlainEvent({ sequence, at, node, generation, name, fields }: TimelineEvent): string {
  const place = node === '' ? 'world' : `${node}.${generation}`;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${String(value)}`);
  return `${String(sequence).padStart(6)} ${formatTime(at).padStart(13)}  ${place.padEnd(9)} ${name.padEnd(15)} ${facts.join(' ')}`.trimEnd();
}
