import type { EventFields } from '../../observability/event-log';
import type { NodeLife } from './node-life';
import type { RunningHash } from './running-hash';
import { formatTime } from './virtual-time';

/** Something that happened and is worth telling. */
export interface TimelineEntry {
  /** Its place among all entries of the run, from 1. */
  readonly sequence: number;
  /** Virtual milliseconds. */
  readonly time: number;
  /** The machine that it happened on; `world` for what the simulation itself did. */
  readonly where: string;
  /** The life of the machine's process; undefined for the world. */
  readonly life: NodeLife | undefined;
  readonly name: string;
  readonly fields: EventFields;
}

/** Is told of each entry as it is made. */
export type TimelineListener = (entry: TimelineEntry) => void;

/** What happened, in order: the last entries kept, all of them hashed and told to the listeners. */
export class Timeline {
  private readonly ring: TimelineEntry[] = [];
  private readonly listeners: TimelineListener[] = [];
  private recorded = 0;

  /** @param capacity how many of the last entries are kept. */
  constructor(
    private readonly hash: RunningHash,
    private readonly capacity = 500,
  ) {}

  /** How many entries were made. */
  get count(): number {
    return this.recorded;
  }

  listen(listener: TimelineListener): void {
    this.listeners.push(listener);
  }

  record(time: number, life: NodeLife | undefined, name: string, fields: EventFields): void {
    const sequence = ++this.recorded;
    const entry: TimelineEntry = { sequence, time, where: life?.machine ?? 'world', life, name, fields };
    this.ring[(sequence - 1) % this.capacity] = entry;
    this.addToHash(entry);
    for (const listener of this.listeners) listener(entry);
  }

  /** The last entries, oldest first. */
  last(count: number): readonly TimelineEntry[] {
    const wanted = Math.min(count, this.capacity, this.recorded);
    return Array.from({ length: wanted }, (_, index) => {
      return this.ring[(this.recorded - wanted + index) % this.capacity] as TimelineEntry;
    });
  }

  private addToHash({ time, life, name, fields }: TimelineEntry): void {
    const { hash } = this;
    hash.addNumber(time);
    hash.addWord(life?.number ?? 0);
    hash.addText(name);
    for (const [field, value] of Object.entries(fields)) {
      hash.addText(field);
      if (typeof value === 'number') hash.addNumber(value);
      else hash.addText(String(value));
    }
  }
}

/** One line for one entry. */
export function formatEntry({ time, where, life, name, fields }: TimelineEntry): string {
  const place = life === undefined ? where : life.toString();
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${String(value)}`);
  return `${formatTime(time).padStart(14)}  ${place.padEnd(10)} ${name.padEnd(15)} ${facts.join(' ')}`.trimEnd();
}
