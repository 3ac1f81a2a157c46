import { DeadlineQueue } from '../concurrency/deadline-queue';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../transport/packet-connection';
import type { ReplyFuture } from './reply-future';

/** The futures that wait for an answer: by correlation number, and by deadline with one timer for all. */
export class ReplyFutures {
  private readonly byCorrelation = new Map<number, ReplyFuture>();
  private readonly byDeadline = new DeadlineQueue<ReplyFuture>();
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  /** @param onDeadline is told of each future that has waited long enough; it removes it. */
  constructor(
    private readonly time: TimeProvider,
    private readonly onDeadline: (future: ReplyFuture) => void,
  ) {}

  get size(): number {
    return this.byCorrelation.size;
  }

  add(future: ReplyFuture): void {
    this.byCorrelation.set(future.parts.correlation, future);
    this.byDeadline.add(future);
    if (future.deadline < this.timerAt) this.arm(future.deadline);
  }

  remove(future: ReplyFuture): void {
    this.byCorrelation.delete(future.parts.correlation);
    this.byDeadline.remove(future);
  }

  /** The future that waits for an answer with this number on this connection. Answers from elsewhere are nobody's. */
  waitingFor(correlation: number, from: PacketConnection): ReplyFuture | undefined {
    const future = this.byCorrelation.get(correlation);
    return future?.connection === from ? future : undefined;
  }

  sentOn(connection: PacketConnection): readonly ReplyFuture[] {
    return [...this.byCorrelation.values()].filter((future) => future.connection === connection);
  }

  all(): readonly ReplyFuture[] {
    return [...this.byCorrelation.values()];
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
      this.onDeadline(first);
    }
  }
}
