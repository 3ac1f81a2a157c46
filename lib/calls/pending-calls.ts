import type { MoonpoolError } from '../errors/moonpool-error';
import type { TimeProvider } from '../providers/time-provider';
import { AwaitedAnswers } from '../requests/awaited-answers';
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
  private readonly answers: AwaitedAnswers<Call>;

  constructor(
    time: TimeProvider,
    private readonly watcher: AnswerWatcher,
  ) {
    this.answers = new AwaitedAnswers(time, (call, lateMs) => {
      if (call.connection !== undefined) watcher.onMissed(call.connection, lateMs);
      call.timeOut();
    });
  }

  get size(): number {
    return this.answers.size;
  }

  /** What is kept for calls that have not ended. */
  get kept(): Readonly<Record<'awaitedAnswers', number>> {
    return { awaitedAnswers: this.answers.expected };
  }

  add(call: Call): void {
    this.answers.watch(call);
  }

  /** Makes the call known by its correlation id: its answer comes from another node. */
  expectAnswer(call: Call): void {
    this.answers.expect(call);
  }

  /** No answer will come from where the call was sent; it may be sent elsewhere. */
  forgetAnswer(call: Call): void {
    if (call.connection !== undefined) this.noteGone(call);
    call.connection = undefined;
  }

  remove(call: Call): void {
    this.answers.unwatch(call);
    if (call.connection !== undefined) this.noteGone(call);
  }

  /** The call with this id that waits for an answer on the connection, and whose request may have left by it. */
  waitingFor(correlation: number, from: PacketConnection): Call | undefined {
    return this.answers.waitingFor(correlation, from);
  }

  /** True when the call with this id waits for an answer of another node, whichever. */
  isWaiting(correlation: number): boolean {
    return this.answers.isExpected(correlation);
  }

  private noteGone(call: Call): void {
    this.answers.expectNot(call);
    this.watcher.onGone(call);
  }

  /** The calls that were sent on the connection. */
  sentOn(connection: PacketConnection): readonly Call[] {
    return this.answers.sentOn(connection);
  }

  /** Ends every call with an error of its own. */
  endAll(makeError: (call: Call) => MoonpoolError): void {
    for (const call of this.answers.all()) call.failed(makeError(call));
  }

  stop(): void {
    this.answers.stop();
  }
}
