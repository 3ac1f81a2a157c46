import { IndexedHeap } from '../../concurrency/indexed-heap';
import { hashText, mix32 } from '../random/mixing';
import type { NodeLife } from './node-life';

/** What sort of thing happens. Declared once, so that its hash is computed once. */
export interface EventKind {
  readonly name: string;
  readonly hash: number;
}

export function eventKind(name: string): EventKind {
  return { name, hash: hashText(name) };
}

/** Something that will happen in the simulated world. */
export class ScheduledEvent {
  heapIndex = -1;

  constructor(
    /** When it happens; later than it was meant to when its process stood still. */
    public time: number,
    readonly tieBreak: number,
    readonly sequence: number,
    readonly kind: EventKind,
    /** Whose process it happens in; undefined for the world itself. It is purged with the life. */
    readonly life: NodeLife | undefined,
    readonly run: () => void,
  ) {}
}

/** What will happen, in the order of time; the seed decides the order of what happens at one time. */
export class EventQueue {
  private readonly heap = new IndexedHeap<ScheduledEvent>(isBefore);
  private scheduled = 0;

  /** @param seed decides the order of what happens at one time; may be changed in the middle of a run. */
  constructor(public seed: number) {}

  get size(): number {
    return this.heap.size;
  }

  add(time: number, kind: EventKind, life: NodeLife | undefined, run: () => void): ScheduledEvent {
    const sequence = ++this.scheduled;
    const event = new ScheduledEvent(
      time,
      mix32((this.seed + Math.imul(sequence, 0x9e3779b9)) | 0),
      sequence,
      kind,
      life,
      run,
    );
    this.heap.add(event);
    return event;
  }

  /** Puts an event back that was taken out before its time had come. */
  putBack(event: ScheduledEvent, time: number): void {
    event.time = time;
    this.heap.add(event);
  }

  take(): ScheduledEvent | undefined {
    return this.heap.take();
  }

  cancel(event: ScheduledEvent): void {
    this.heap.remove(event);
  }

  /** Takes out everything that a life still had before it; marking it instead would keep its memory until its time. */
  purge(life: NodeLife): number {
    return this.heap.removeWhere((event) => event.life === life);
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return a.tieBreak !== b.tieBreak ? a.tieBreak < b.tieBreak : a.sequence < b.sequence;
}
