import type { CallOptions, EveryCallOption } from '../actor/call-options';
import { isCircleThrough } from '../calls/circle';
import { describeInvocation, timeLimitOf, type Invocation } from '../calls/invocation';
import type { MessagingOptions } from '../calls/messaging-options';
import type { CallScope } from '../calls/request';
import { onAbort } from '../concurrency/abort-listeners';
import { withAttemptsBefore } from '../errors/attempts-before';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { LocalNode } from '../identity/local-node';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import { Backoff } from '../transport/backoff';
import { withOwnArguments } from './own-arguments';

/** The first wait between two attempts, and the longest, in milliseconds. */
const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 1_000;

/** What repeating calls needs from its node. */
export interface RepeatedCallsParts {
  readonly local: LocalNode;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly options: Pick<MessagingOptions, 'callTimeoutMs'>;
  /** Makes one attempt. */
  readonly attempt: (invocation: Invocation) => Promise<unknown>;
}

/**
 * Idempotent calls: each is repeated under one key, by which it is executed once, through lost connections, fences and full mailboxes,
 * until there is an answer or its time is over.
 */
export class RepeatedCalls {
  private lastKey = 0;
  private waiting = 0;

  constructor(private readonly parts: RepeatedCallsParts) {}

  /** How many calls wait for their next attempt. */
  get size(): number {
    return this.waiting;
  }

  /** True when the call is to be repeated: its handler says so, or its caller has given it a key. */
  isMeant({ handler, options }: Invocation): boolean {
    return handler.options.idempotent === true || options?.idempotencyKey !== undefined;
  }

  /** Resolves to the answer. Rejects with the error of the handler, or with what the last attempt failed with; `executed` is `no` only if no attempt may have been executed. */
  async call(invocation: Invocation): Promise<unknown> {
    const { time, random, attempt, options: limits } = this.parts;
    const { options, scope } = invocation;
    const idempotencyKey = options?.idempotencyKey ?? this.nextKey();
    const { signal, context }: CallOptions = options ?? {};
    const own = withOwnArguments(invocation);
    const backoff = new Backoff(MIN_WAIT_MS, MAX_WAIT_MS, random);
    const limit = time.now() + timeLimitOf(invocation, limits.callTimeoutMs);
    const endsAt = Math.min(limit, scope?.deadline ?? Number.POSITIVE_INFINITY);
    let executed: 'no' | 'maybe' = 'no';
    for (;;) {
      const timeoutMs = endsAt - time.now();
      try {
        const tried: EveryCallOption = { timeoutMs, signal, context, idempotencyKey };
        return await attempt({ ...own, options: tried });
      } catch (error) {
        if (!isMoonpoolError(error)) throw error;
        const isOver =
          !error.isTransient ||
          signal?.aborted === true ||
          isHopeless(scope, error) ||
          invocation.isWorthRepeating?.() === false;
        if (isOver) throw withAttemptsBefore(error, executed);
        if (error.executed !== 'no') executed = 'maybe';
        const waitMs = backoff.nextMs();
        if (time.now() + waitMs >= endsAt) throw tooLate(invocation, error, executed);
        await this.pause(waitMs, signal);
        // A process that had much else to do comes late: an attempt without any time would be one of a mistake.
        if (time.now() >= endsAt) throw tooLate(invocation, error, executed);
      }
    }
  }

  /** Ends at once when the signal aborts: whoever cancels a call need not wait for its next attempt, which then is the end of it. */
  private async pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { time } = this.parts;
    this.waiting++;
    let forget = (): void => undefined;
    const aborted = signal && new Promise<void>((resolve) => (forget = onAbort(signal, resolve)));
    await (aborted === undefined ? time.sleep(ms) : Promise.race([time.sleep(ms), aborted]));
    forget();
    this.waiting--;
  }

  private nextKey(): string {
    const { local } = this.parts;
    return `${local.toString()}/${local.mark}/${++this.lastKey}`;
  }
}

/** The turn that asks is one of those that wait for each other, and as long as it asks again nothing of that changes. */
function isHopeless(scope: CallScope | undefined, error: MoonpoolError): boolean {
  return scope !== undefined && isCircleThrough(scope.actor, error);
}

/** An attempt may have been executed though the last one was not. */
function tooLate(invocation: Invocation, last: MoonpoolError, executed: 'no' | 'maybe'): MoonpoolError {
  if (last.executed === executed || last.executed !== 'no') return last;
  return new MoonpoolError('CALL_TIMEOUT', {
    message: `${describeInvocation(invocation)} was repeated under its idempotency key until its time was over; the last attempt failed with ${last.code}: ${reasonOf(last)}`,
    executed,
    cause: last,
  });
}
