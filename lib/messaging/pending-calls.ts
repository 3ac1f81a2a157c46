import { DeadlineQueue } from '../concurrency/deadline-queue';
import type { MoonpoolError } from '../errors/moonpool-error';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../transport/packet-connection';
import type { Call } from './call';

/** The calls of this node that wait for an answer: by correlation id, and by deadline with one timer for all. */
export class PendingCalls {
  private readonly byCorrelation = new Map<number, Call>();
  private readonly byDeadline = new DeadlineQueue<Call>();
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  constructor(private readonly time: TimeProvider) {}

  get size(): number {
    return this.byDeadline.size;
  }

  add(call: Call): void {
    this.byDeadline.add(call);
    if (call.deadline < this.timerAt) this.arm(call.deadline);
  }

  /** Makes the call known by its correlation id: its answer comes from another node. */
  expectAnswer(call: Call): void {
    this.byCorrelation.set(call.correlation, call);
  }

  /** No answer will come from where the call was sent; it may be sent elsewhere. */
  forgetAnswer(call: Call): void {
    if (call.connection !== undefined) this.byCorrelation.delete(call.correlation);
    call.connection = undefined;
  }

  remove(call: Call): void {
    this.byDeadline.remove(call);
    if (call.connection !== undefined) this.byCorrelation.delete(call.correlation);
  }

  /** The call that waits for an answer with this id. */
  waitingFor(correlation: number): Call | undefined {
    return this.byCorrelation.get(correlation);
  }

  /** The calls that were sent on the connection. */
  sentOn(connection: PacketConnection): readonly Call[] {
    return [...this.byCorrelation.values()].filter((call) => call.connection === connection);
  }

  /** Ends every call with an error of its own. */
  endAll(makeError: (call: Call) => MoonpoolError): void {
    for (const call of this.byDeadline.values()) call.failed(makeError(call));
  }

  stop(): void {
    this.timer?.cancel();
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  private arm(deadline: number): void {
    this.timer?.cancel();
    this.timerAt = deadline;
    this.timer = this.time.schedule(Math.max(0, deadline - this.time.now()), () => this.expire());
  }

  private expire(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.time.now();
    for (let first = this.byDeadline.peek(); first !== undefined; first = this.byDeadline.peek()) {
      if (first.deadline > now) {
        this.arm(first.deadline);
        return;
      }
      first.timeOut();
    }
  }
}
