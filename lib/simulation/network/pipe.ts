import { eventKind, type ScheduledEvent } from '../timeline/event-queue';
import { flipBits } from './rules/bit-flip-rule';
import type { NetworkConditions, Stalled } from './transfers/network-conditions';
import type { NetworkLink } from './transfers/network-link';
import type { Ending, TransferKind } from './transfers/transfer';

/** One piece of a stream. */
export interface Segment {
  readonly kind: Exclude<TransferKind, 'connect' | 'request' | 'answer'>;
  /** Empty for what is not data. */
  readonly bytes: Uint8Array;
  /** The bytes are not what was sent. */
  readonly isDamaged?: boolean;
}

/** The side of a connection at which a pipe ends. */
export interface PipeEnd {
  /** True when nothing at this end can even say that it is gone: its machine has no power. */
  readonly isUnreachable: boolean;
  receive(segment: Segment): void;
  /** The connection ends before its time, in the midst of what travels to this end. */
  suffer(ending: Ending): void;
}

interface Travelling extends Segment {
  readonly dueAt: number;
}

const ARRIVE = eventKind('arrive');
const NO_BYTES = new Uint8Array(0);

/** One direction of a connection: what is sent arrives later, in order, or not at all. */
export class Pipe implements Stalled {
  private readonly travelling: Travelling[] = [];
  private arrival: ScheduledEvent | undefined;
  private stalled = false;
  private clears = 0;
  private readonly onArrival = () => this.arrive();

  constructor(
    private readonly conditions: NetworkConditions,
    readonly link: NetworkLink,
    private readonly receiver: PipeEnd,
  ) {}

  send(kind: Segment['kind'], bytes: Uint8Array = NO_BYTES): void {
    let rest = bytes;
    let dueAt = this.conditions.engine.now;
    for (;;) {
      const { ending, delayMs, splitAt } = this.conditions.judge({
        link: this.link,
        kind,
        stage: 'departure',
        bytes: rest.length,
      });
      if (ending !== undefined && this.suffer(ending)) return;
      dueAt += delayMs;
      if (splitAt === undefined || splitAt >= rest.length) break;
      // Less was taken than was offered: the rest sets off when that has arrived.
      if (splitAt > 0) this.depart({ kind, bytes: rest.subarray(0, splitAt) }, dueAt);
      rest = rest.subarray(splitAt);
    }
    this.depart({ kind, bytes: rest }, dueAt);
  }

  /** Loses everything that is still on its way. */
  clear(): void {
    this.clears++;
    this.travelling.length = 0;
    if (this.arrival !== undefined) this.conditions.engine.cancel(this.arrival);
    this.arrival = undefined;
    this.conditions.forget(this);
    this.stalled = false;
  }

  /** Rules have changed: what waits sets off again after the delay. */
  retry(delayMs: number): void {
    this.stalled = false;
    this.arrival = this.conditions.engine.schedule(delayMs, ARRIVE, undefined, this.onArrival);
  }

  /** Rules have become milder: what waits for its time arrives after the delay at the latest. */
  hurry(delayMs: number): void {
    if (this.arrival === undefined) return;
    const { engine } = this.conditions;
    if (this.arrival.time <= engine.now + delayMs) return;
    for (const [index, segment] of this.travelling.entries()) {
      this.travelling[index] = { ...segment, dueAt: Math.min(segment.dueAt, engine.now + delayMs) };
    }
    engine.cancel(this.arrival);
    this.arrival = engine.schedule(delayMs, ARRIVE, undefined, this.onArrival);
  }

  private depart({ kind, bytes }: Segment, dueAt: number): void {
    this.travelling.push({ kind, bytes, dueAt });
    if (this.travelling.length === 1) this.expect();
  }

  /** True when nothing travels here any more. */
  private suffer(ending: Ending): boolean {
    this.clears = 0;
    this.receiver.suffer(ending);
    return this.clears > 0;
  }

  private expect(): void {
    const next = this.travelling[0];
    if (next === undefined || this.stalled) return;
    // One that was due before what stands before it had arrived is due at once.
    this.arrival = this.conditions.engine.scheduleAt(next.dueAt, ARRIVE, undefined, this.onArrival);
  }

  private arrive(): void {
    this.arrival = undefined;
    const segment = this.travelling[0];
    if (segment === undefined) return;
    const { hold, delayMs, ending, flippedBits, splitAt } = this.conditions.judge({
      link: this.link,
      kind: segment.kind,
      stage: 'arrival',
      bytes: segment.bytes.length,
    });
    if (hold || this.receiver.isUnreachable) {
      this.stalled = true;
      this.conditions.hold(this);
    } else if (delayMs > 0) {
      this.retry(delayMs);
    } else if (ending === undefined || !this.suffer(ending)) {
      this.deliver(
        flippedBits === undefined
          ? segment
          : { ...segment, bytes: flipBits(segment.bytes, flippedBits), isDamaged: true },
        splitAt,
      );
    }
  }

  private deliver(segment: Travelling, splitAt: number | undefined): void {
    if (splitAt !== undefined && splitAt < segment.bytes.length) {
      this.travelling[0] = { ...segment, bytes: segment.bytes.subarray(splitAt) };
      this.expect();
      this.receiver.receive({ ...segment, bytes: segment.bytes.subarray(0, splitAt) });
    } else {
      this.travelling.shift();
      this.expect();
      this.receiver.receive(segment);
    }
  }
}
