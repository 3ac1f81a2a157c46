import type { MoonpoolError } from '../errors/moonpool-error';
import { DeadlineWatch } from '../providers/deadline-watch';
import type { TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../connection/packet-connection';
import type { Call } from './call';

/** Who is notified of the answers that calls wait for. */
export interface AnswerWatcher {
  /** No answer to the call is expected any more from where it was sent. */
  onGone(call: Call): void;
  /** An answer is missed by the connection; its deadline is noticed so much later, in milliseconds. */
  onMissed(connection: PacketConnection, lateMs: number): void;
}

/** The calls of this node that wait for an answer: by correlation id, and by deadline with one timer for all. */
export class PendingCalls {
  private readonly byCorrelation = new Map<number, Call>();
  private readonly byDeadline: DeadlineWatch<Call>;

  constructor(
    time: TimeProvider,
    private readonly watcher: AnswerWatcher,
  ) {
    this.byDeadline = new DeadlineWatch(time, (call, lateMs) => {
      if (call.connection !== undefined) watcher.onMissed(call.connection, lateMs);
      call.timeOut();
    });
  }

  get size(): number {
    return this.byDeadline.size;
  }

  /** What is kept for calls that have not ended. */
  get kept(): Readonly<Record<'awaitedAnswers', number>> {
    return { awaitedAnswers: this.byCorrelation.size };
  }

  add(call: Call): void {
    this.byDeadline.add(call);
  }

  /** Makes the call known by its correlation id: its answer comes from another node. */
  expectAnswer(call: Call): void {
    this.byCorrelation.set(call.correlation, call);
  }

  /** No answer will come from where the call was sent; it may be sent elsewhere. */
  forgetAnswer(call: Call): void {
    if (call.connection !== undefined) this.noteGone(call);
    call.connection = undefined;
  }

  remove(call: Call): void {
    this.byDeadline.remove(call);
    if (call.connection !== undefined) this.noteGone(call);
  }

  /**
   * The call with this id that waits for an answer on the connection, and whose request may have left by it: what came by any
   * other says nothing about it, whoever has guessed its number.
   */
  waitingFor(correlation: number, from: PacketConnection): Call | undefined {
    const call = this.byCorrelation.get(correlation);
    return call?.connection === from && from.mayHaveLeft(call.batch) ? call : undefined;
  }

  /** True when the call with this id waits for an answer of another node, whichever. */
  isWaiting(correlation: number): boolean {
    return this.byCorrelation.has(correlation);
  }

  private noteGone(call: Call): void {
    this.byCorrelation.delete(call.correlation);
    this.watcher.onGone(call);
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
    this.byDeadline.stop();
  }
}
