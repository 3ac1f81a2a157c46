import { DeadlineWatch } from '../providers/deadline-watch';
import type { TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../connection/packet-connection';
import type { ReplyFuture } from './reply-future';

/** The futures that wait for an answer: by correlation number, and by deadline with one timer for all. */
export class ReplyFutures {
  private readonly byCorrelation = new Map<number, ReplyFuture>();
  private readonly byDeadline: DeadlineWatch<ReplyFuture>;

  /** @param onDeadline is notified of each future that has waited long enough; it removes it. */
  constructor(time: TimeProvider, onDeadline: (future: ReplyFuture) => void) {
    this.byDeadline = new DeadlineWatch(time, onDeadline);
  }

  get size(): number {
    return this.byCorrelation.size;
  }

  add(future: ReplyFuture): void {
    this.byCorrelation.set(future.parts.correlation, future);
    this.byDeadline.add(future);
  }

  remove(future: ReplyFuture): void {
    this.byCorrelation.delete(future.parts.correlation);
    this.byDeadline.remove(future);
  }

  /** The future that waits for an answer with this number on this connection. Answers from elsewhere are nobody's. */
  waitingFor(correlation: number, from: PacketConnection): ReplyFuture | undefined {
    const future = this.byCorrelation.get(correlation);
    return future?.wasSentOn(from) === true ? future : undefined;
  }

  sentOn(connection: PacketConnection): readonly ReplyFuture[] {
    return [...this.byCorrelation.values()].filter((future) => future.connection === connection);
  }

  all(): readonly ReplyFuture[] {
    return [...this.byCorrelation.values()];
  }

  stop(): void {
    this.byDeadline.stop();
  }
}
