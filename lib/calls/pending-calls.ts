import type { MoonpoolError } from '../errors/moonpool-error';
import { DeadlineWatch } from '../providers/deadline-watch';
import type { TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../connection/packet-connection';
import type { Call } from './call';

/** The calls of this node that wait for an answer: by correlation id, and by deadline with one timer for all. */
export class PendingCalls {
  private readonly byCorrelation = new Map<number, Call>();
  private readonly byDeadline: DeadlineWatch<Call>;

  constructor(time: TimeProvider) {
    this.byDeadline = new DeadlineWatch(time, (call) => call.timeOut());
  }

  get size(): number {
    return this.byDeadline.size;
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
    this.byDeadline.stop();
  }
}
