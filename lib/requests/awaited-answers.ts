import type { DeadlineItem } from '../concurrency/deadline-queue';
import type { PacketConnection } from '../connection/packet-connection';
import { DeadlineWatch } from '../providers/deadline-watch';
import type { TimeProvider } from '../providers/time-provider';

/** A request of this process whose answer is awaited, be it a call of an actor or one of a fixed endpoint. */
export interface AwaitedRequest extends DeadlineItem {
  /** The number by which its answer is known. */
  readonly correlation: number;
  /** The connection by which it was sent, and its answer has to come; undefined while it was not sent. */
  readonly connection: PacketConnection | undefined;
  /** The batch of that connection with which it leaves. */
  readonly batch: number;
}

/** True when the connection has ended before the request could leave: nobody has received it. */
export function neverLeft({ connection, batch }: Pick<AwaitedRequest, 'connection' | 'batch'>): boolean {
  return connection !== undefined && connection.isClosed && !connection.mayHaveLeft(batch);
}

/**
 * The requests of this process that have not ended: those that other processes are to answer by their numbers, and all of them by their
 * deadlines, with one timer.
 */
export class AwaitedAnswers<R extends AwaitedRequest> {
  private readonly byCorrelation = new Map<number, R>();
  private readonly byDeadline: DeadlineWatch<R>;

  /** @param onDue is told of each request whose deadline has come, and how long ago that was, in milliseconds; it ends it. */
  constructor(time: TimeProvider, onDue: (request: R, lateMs: number) => void) {
    this.byDeadline = new DeadlineWatch(time, onDue);
  }

  /** How many requests have not ended. */
  get size(): number {
    return this.byDeadline.size;
  }

  /** How many of them others are to answer. */
  get expected(): number {
    return this.byCorrelation.size;
  }

  /** Watches the deadline of a request that begins. */
  watch(request: R): void {
    this.byDeadline.add(request);
  }

  /** An answer is to come from elsewhere. */
  expect(request: R): void {
    this.byCorrelation.set(request.correlation, request);
  }

  /** No answer is to come from where it was sent. */
  expectNot({ correlation }: R): void {
    this.byCorrelation.delete(correlation);
  }

  /** The deadline of the request, which has ended, is watched no more. */
  unwatch(request: R): void {
    this.byDeadline.remove(request);
  }

  /**
   * The request with this number that waits for an answer on the connection, and that may have left by it: what came by any
   * other says nothing about it, whoever has guessed its number.
   */
  waitingFor(correlation: number, from: PacketConnection): R | undefined {
    const request = this.byCorrelation.get(correlation);
    return request?.connection === from && from.mayHaveLeft(request.batch) ? request : undefined;
  }

  /** True when somebody else is to answer the request with this number, whoever. */
  isExpected(correlation: number): boolean {
    return this.byCorrelation.has(correlation);
  }

  /** Those that were sent on the connection. A list of its own: what is done about one may end others. */
  sentOn(connection: PacketConnection): readonly R[] {
    return [...this.byCorrelation.values()].filter((request) => request.connection === connection);
  }

  /** All that have not ended, in no particular order. */
  all(): readonly R[] {
    return this.byDeadline.values();
  }

  /** Nobody is told of deadlines any more. */
  stop(): void {
    this.byDeadline.stop();
  }
}
