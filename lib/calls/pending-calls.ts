import { Deferred } from '../concurrency/deferred';
import type { MoonpoolError } from '../errors/moonpool-error';
import { DeadlineWatch } from '../providers/deadline-watch';
import type { TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../connection/packet-connection';
import type { Call } from './call';

/** The calls of this node that wait for an answer: by correlation id, and by deadline with one timer for all. */
export class PendingCalls {
  private readonly byCorrelation = new Map<number, Call>();
  private readonly byDeadline: DeadlineWatch<Call>;
  /** Is told of each call from which no answer is expected any more where it was sent. Set by the router. */
  onGone: (call: Call) => void = () => undefined;
  /** Is told by which connection an answer is missed, and how much later than its deadline that is noticed. Set by the receiver. */
  onMissed: (connection: PacketConnection, lateMs: number) => void = () => undefined;
  private readonly watches = new Set<{ readonly left: Set<Call>; readonly gone: Deferred<void> }>();

  constructor(time: TimeProvider) {
    this.byDeadline = new DeadlineWatch(time, (call, lateMs) => {
      if (call.connection !== undefined) this.onMissed(call.connection, lateMs);
      call.timeOut();
    });
  }

  get size(): number {
    return this.byDeadline.size;
  }

  /** What is kept for calls that have not ended. */
  get kept(): Readonly<Record<'awaitedAnswers' | 'watchedCalls', number>> {
    return { awaitedAnswers: this.byCorrelation.size, watchedCalls: this.watches.size };
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

  /** Resolves when none of the calls waits for an answer from where it was sent any more. */
  whenGone(calls: readonly Call[]): Promise<void> {
    if (calls.length === 0) return Promise.resolve();
    const watch = { left: new Set(calls), gone: new Deferred<void>() };
    this.watches.add(watch);
    return watch.gone.promise;
  }

  private noteGone(call: Call): void {
    this.byCorrelation.delete(call.correlation);
    this.onGone(call);
    for (const watch of this.watches) {
      if (!watch.left.delete(call) || watch.left.size > 0) continue;
      this.watches.delete(watch);
      watch.gone.resolve();
    }
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
