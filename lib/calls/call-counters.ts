import { isMoonpoolError } from '../errors/moonpool-error';

/** A type and no interface, so that it is plain state to the compiler. */
export type CallTotals = {
  readonly made: number;
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly cancelled: number;
  readonly rejected: number;
  readonly dropped: number;
};

/** How many calls this process has made since it started, and what became of them. */
export class CallCounters {
  /** Calls that wait for an answer, and `$trySend`. */
  made = 0;
  /** Messages that bring nothing back. */
  sent = 0;
  succeeded = 0;
  failed = 0;
  /** Of those that failed: at their deadline, and because their callers gave up. */
  timedOut = 0;
  cancelled = 0;
  /** How often a node has turned one away, so that it went elsewhere. */
  rejected = 0;
  /** How many messages were lost here that nobody waits for, of this process or of others. */
  dropped = 0;

  /** A call has ended. */
  noteEnd(outcome: 'ok' | 'error', result: unknown): void {
    if (outcome === 'ok') {
      this.succeeded++;
      return;
    }
    this.failed++;
    if (isMoonpoolError(result, 'CALL_TIMEOUT')) this.timedOut++;
    else if (isMoonpoolError(result, 'CALL_CANCELLED')) this.cancelled++;
  }

  describe(): CallTotals {
    const { made, sent, succeeded, failed, timedOut, cancelled, rejected, dropped } = this;
    return { made, sent, succeeded, failed, timedOut, cancelled, rejected, dropped };
  }
}
