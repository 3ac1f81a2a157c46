import { eventKind, type ScheduledEvent } from '../engine/event-queue';
import type { NetworkConditions, Stalled } from './network-conditions';
import type { NetworkLink } from './network-link';
import type { TransferKind } from './transfer';

/** One piece of a stream. */
export interface Segment {
  readonly kind: Exclude<TransferKind, 'connect' | 'request' | 'answer'>;
  /** Empty for what is not data. */
  readonly bytes: Uint8Array;
}

/** The side of a connection at which a pipe ends. */
export interface PipeEnd {
  /** True when nothing at this end can even say that it is gone: its machine has no power. */
  readonly isUnreachable: boolean;
  receive(segment: Segment): void;
  /** The connection breaks, for both sides. */
  cut(): void;
}

interface Travelling extends Segment {
  readonly dueAt: number;
}

const ARRIVE = eventKind('arrive');
const NO_BYTES = new Uint8Array(0);

/** One direction of a connection: what is sent arrives later, whole and in order, or not at all. */
export class Pipe implements Stalled {
  private readonly travelling: Travelling[] = [];
  private lastDueAt = 0;
  private arrival: ScheduledEvent | undefined;
  private stalled = false;

  constructor(
    private readonly conditions: NetworkConditions,
    readonly link: NetworkLink,
    private readonly receiver: PipeEnd,
  ) {}

  send(kind: Segment['kind'], bytes: Uint8Array = NO_BYTES): void {
    const verdict = this.conditions.judge({ link: this.link, kind, stage: 'departure', bytes: bytes.length });
    if (verdict.cut) {
      this.receiver.cut();
      return;
    }
    // What rules hold at its departure is held at its arrival, where the network knows how to wake it.
    this.lastDueAt = Math.max(this.lastDueAt, this.conditions.engine.now + verdict.delayMs);
    this.travelling.push({ kind, bytes, dueAt: this.lastDueAt });
    if (this.travelling.length === 1) this.expect();
  }

  /** Loses everything that is still on its way. */
  clear(): void {
    this.travelling.length = 0;
    if (this.arrival !== undefined) this.conditions.engine.cancel(this.arrival);
    this.arrival = undefined;
    this.conditions.forget(this);
    this.stalled = false;
  }

  /** Rules have changed: what waits sets off again after the delay. */
  retry(delayMs: number): void {
    this.stalled = false;
    this.lastDueAt = Math.max(this.lastDueAt, this.conditions.engine.now + delayMs);
    this.arrival = this.conditions.engine.schedule(delayMs, ARRIVE, undefined, () => this.arrive());
  }

  private expect(): void {
    const next = this.travelling[0];
    if (next === undefined || this.stalled) return;
    this.arrival = this.conditions.engine.scheduleAt(next.dueAt, ARRIVE, undefined, () => this.arrive());
  }

  private arrive(): void {
    this.arrival = undefined;
    const segment = this.travelling[0];
    if (segment === undefined) return;
    const verdict = this.conditions.judge({ link: this.link, kind: segment.kind, stage: 'arrival', bytes: segment.bytes.length });
    if (verdict.cut) {
      this.receiver.cut();
    } else if (verdict.hold || this.receiver.isUnreachable) {
      this.stalled = true;
      this.conditions.hold(this);
    } else if (verdict.delayMs > 0) {
      this.retry(verdict.delayMs);
    } else if (verdict.splitAt !== undefined && verdict.splitAt < segment.bytes.length) {
      this.travelling[0] = { ...segment, bytes: segment.bytes.subarray(verdict.splitAt) };
      this.expect();
      this.receiver.receive({ kind: segment.kind, bytes: segment.bytes.subarray(0, verdict.splitAt) });
    } else {
      this.travelling.shift();
      this.expect();
      this.receiver.receive(segment);
    }
  }
}
