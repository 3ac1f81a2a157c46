import type { EventFields } from '../../observability/event-log';
import { mix32 } from '../random/splitmix';

/** Something that happened in the world. */
export interface TimelineEvent {
  readonly sequence: number;
  /** Milliseconds of virtual time. */
  readonly at: number;
  /** The node in whose hands it happened; the empty string for the world itself. */
  readonly node: string;
  readonly name: string;
  readonly fields: EventFields;
}

/** Is told of each event when it is taken down. */
export type TimelineListener = (event: TimelineEvent) => void;

const NO_FIELDS: EventFields = {};

/**
 * The events of a run, in order: the last ones for people, a hash over all of them to tell whether two runs were the
 * same, and listeners that check while it grows.
 */
export class Timeline {
  private readonly recent: TimelineEvent[] = [];
  private readonly listeners: TimelineListener[] = [];
  private sequence = 0;
  private rolling = 0x1234_5678;
  /** Set to keep the hash after each event, which the determinism check compares. */
  trace: number[] | undefined;

  /** @param capacity how many of the last events are kept. */
  constructor(private readonly capacity = 400) {}

  /** How many events there were. */
  get length(): number {
    return this.sequence;
  }

  /** The hash over all events so far, in hexadecimal. */
  get hash(): string {
    return (mix32(this.rolling) >>> 0).toString(16).padStart(8, '0');
  }

  subscribe(listener: TimelineListener): void {
    this.listeners.push(listener);
  }

  record(at: number, node: string, name: string, fields: EventFields = NO_FIELDS): void {
    const event: TimelineEvent = { sequence: this.sequence++, at, node, name, fields };
    this.mixText(node);
    this.mixText(name);
    this.mixNumber(at);
    for (const key of Object.keys(fields)) this.mixText(String(fields[key]));
    this.trace?.push(this.rolling);
    this.recent.push(event);
    if (this.recent.length >= this.capacity * 2) this.recent.splice(0, this.capacity);
    for (const listener of this.listeners) listener(event);
  }

  /** Notes an engine event in the hash alone: there are too many to keep. */
  mixEngineEvent(at: number, kind: string, size: number): void {
    this.mixNumber(at);
    this.rolling = Math.imul(this.rolling ^ (kind.charCodeAt(0) + size), 0x0100_0193);
    if (this.trace !== undefined) this.trace.push(this.rolling);
  }

  /** The last events, oldest first. */
  last(count: number): readonly TimelineEvent[] {
    return this.recent.slice(-count);
  }

  private mixNumber(value: number): void {
    // Times have fractions: both the whole part and what is behind the point must count.
    const whole = Math.floor(value);
    this.rolling = Math.imul(this.rolling ^ whole, 0x0100_0193);
    this.rolling = Math.imul(this.rolling ^ ((value - whole) * 2 ** 31), 0x0100_0193);
  }

  private mixText(text: string): void {
    let { rolling } = this;
    for (let index = 0; index < text.length; index++) rolling = Math.imul(rolling ^ text.charCodeAt(index), 0x0100_0193);
    this.rolling = Math.imul(rolling ^ 0xff, 0x0100_0193);
  }
}

/** An event as one readable line. */
export function formatEvent({ sequence, at, node, name, fields }: TimelineEvent): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${value}`);
  const time = `${at.toFixed(3)} ms`.padStart(14);
  return `${String(sequence).padStart(6)} ${time}  ${(node || '-').padEnd(8)} ${name}${facts.join('')}`;
}
