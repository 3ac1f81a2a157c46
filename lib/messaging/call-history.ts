import type { Call } from '../calls/call';
import type { Witness } from '../calls/reply-port';
import { isMoonpoolError } from '../errors/moonpool-error';
import { isError, nameOf } from '../errors/thrown-value';
import type { EventLog } from '../observability/event-log';
import type { TimeProvider } from '../providers/time-provider';

const NO_WITNESS: Partial<Witness> = {};

/** Takes down the calls of a process, from their beginning to their end, where anybody reads it: in production nobody does. */
export class CallHistory {
  constructor(
    private readonly events: EventLog,
    private readonly time: TimeProvider,
  ) {}

  /** @param forwarded the call in whose place this one goes on, when its sender could not be asked to send it elsewhere. */
  begun(name: 'call' | 'send', call: Call, forwarded?: string): void {
    const { events, time } = this;
    if (!events.enabled) return;
    const { scope, request } = call;
    const parentRemainingMs =
      scope !== undefined && Number.isFinite(scope.deadline) ? scope.deadline - time.now() : undefined;
    const remainingMs = call.deadline - time.now();
    events.record(name, {
      call: call.call,
      actor: call.target.path,
      method: request.method,
      remainingMs,
      parentRemainingMs,
      by: scope?.chain.at(-1),
      turn: scope?.id,
      forwarded,
      delivery: request.delivery,
    });
  }

  rejected(call: Call): void {
    if (this.events.enabled) this.events.record('call-rejected', { call: call.call, actor: call.target.path });
  }

  ended(call: Call, outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): void {
    if (!this.events.enabled || call.request.isOneWay) return;
    const { call: id, target, request } = call;
    const actor = target.path;
    const remainingMs = call.deadline - this.time.now();
    if (outcome === 'error') {
      const executed = isMoonpoolError(result) ? result.executed : 'yes';
      this.events.record('call-end', { call: id, actor, outcome, executed, error: errorName(result), remainingMs });
    } else if (request.isAnsweredOnArrival) {
      this.events.record('call-end', { call: id, actor, outcome: 'taken', remainingMs });
    } else {
      const { epoch, turn, version } = witness ?? NO_WITNESS;
      this.events.record('call-end', { call: id, actor, outcome, epoch, turn, version, remainingMs });
    }
  }
}

function errorName(error: unknown): string {
  return isMoonpoolError(error) ? error.code : isError(error) ? nameOf(error) : typeof error;
}
