import { onAbort } from '../concurrency/abort-listeners';
import { guardedAbort } from '../concurrency/guarded-signal';
import { forgoAnswer, isLateAnswer } from '../concurrency/prompt-answer';
import { withAttemptsBefore } from '../errors/attempts-before';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import { callback, duration, mandatory, signal as signalOption } from '../options/option-kind';
import { checkArguments, optionTable } from '../options/option-table';
import { ambientStand, type AmbientProviders } from '../providers/ambient-providers';
import { NodeRandomProvider } from '../providers/node/node-random-provider';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { Backoff } from '../transport/backoff';

/** How {@link retry} repeats. */
export interface RetryOptions {
  /** For how long, in milliseconds: all attempts and the waits between them together. Default: 30,000. */
  readonly deadlineMs?: number;
  /** Ends it: the attempt that is under way is given up, and no other one begins. */
  readonly signal?: AbortSignal;
  /** The first wait between two attempts, in milliseconds; each is twice the one before, and a random part shorter. Default: 20. */
  readonly minWaitMs?: number;
  /** The longest wait, in milliseconds. Default: 1,000. */
  readonly maxWaitMs?: number;
  /** Which failures are worth another attempt. Default: a {@link MoonpoolError} that is {@link MoonpoolError.isTransient}. It answers at once; a promise ends the retry with ASYNC_CALLBACK. */
  readonly isWorthRepeating?: (error: unknown) => boolean;
  /** Called with each failure that is followed by another attempt. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/** One attempt, as the function that makes it sees it. */
export interface RetryAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** What is left of the deadline, in milliseconds: `alice.$with({ timeoutMs: remainingMs })`. */
  readonly remainingMs: number;
  /** Aborts when nobody waits for this attempt any more, for its deadline has come or the caller's signal has aborted. */
  readonly signal: AbortSignal;
}

export const RETRY_OPTIONS = optionTable<RetryOptions>({
  deadlineMs: duration(),
  signal: signalOption(),
  minWaitMs: duration(),
  maxWaitMs: duration(),
  isWorthRepeating: callback('a function (error) => boolean'),
  onRetry: callback('a function (error, attempt) => void'),
});

const attempt = mandatory(callback('a function that makes an attempt, such as () => alice.balance()'));

const DEFAULTS = {
  deadlineMs: 30_000,
  minWaitMs: 20,
  maxWaitMs: 1_000,
  isWorthRepeating: (error: unknown): boolean => isMoonpoolError(error) && error.isTransient,
};

let ofNode: AmbientProviders | undefined;

/**
 * Asks until there is an answer: `await retry(() => alice.balance(), { deadlineMs: 10_000 })`. What is transient is repeated with
 * growing waits; any other failure is the outcome, with `executed: 'maybe'` when it says `no` and an attempt before it may have been executed. Right for operations that may be repeated, and only for those: an attempt
 * that failed may have been executed. For others: `isWorthRepeating: (error) => isMoonpoolError(error) && error.isTransient && error.executed === 'no'`.
 *
 * It waits by the clock of whoever runs: in a simulation by virtual time, with waits that the seed decides. Within a turn of an actor, pass
 * `context.signal`: then it ends with the deadline of the turn.
 *
 * @throws MoonpoolError CALL_TIMEOUT when the deadline came first, CALL_CANCELLED when the signal aborted: their `executed` is `maybe` when any attempt may have been
 * executed, and their cause is the last failure. INVALID_OPTION, ASYNC_CALLBACK.
 */
export async function retry<T>(ask: (attempt: RetryAttempt) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  // A promise in its place is one attempt that has begun, and whose failure would be heard by nobody.
  forgoAnswer(ask);
  checkArguments('retry', { ask: [attempt, ask] });
  RETRY_OPTIONS.check('retry', options);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const providers =
    ambientStand.providers ?? (ofNode ??= { time: new NodeTimeProvider(), random: new NodeRandomProvider() });
  return new Retry(ask, { ...DEFAULTS, ...given }, providers).run();
}

class Retry<T> {
  /** What listeners of the attempts throw is theirs: whoever asked has been answered by then. */
  private readonly giveUp = guardedAbort(() => undefined);
  private readonly endsAt: number;
  private readonly backoff: Backoff;
  private attempts = 0;
  private isUnderWay = false;
  private executed: Executed = 'no';
  private last: unknown;

  constructor(
    private readonly ask: (attempt: RetryAttempt) => Promise<T>,
    private readonly options: RetryOptions & typeof DEFAULTS,
    private readonly providers: AmbientProviders,
  ) {
    this.endsAt = providers.time.now() + options.deadlineMs;
    this.backoff = new Backoff(options.minWaitMs, Math.max(options.minWaitMs, options.maxWaitMs), providers.random);
  }

  /** Whichever comes first: an outcome of the attempts, the deadline, or the signal. */
  run(): Promise<T> {
    const { options, providers } = this;
    return new Promise<T>((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted === true) return reject(this.cancelled());
      const timer = providers.time.schedule(options.deadlineMs, () => settle(() => reject(this.tooLate())));
      const forget = signal === undefined ? undefined : onAbort(signal, () => settle(() => reject(this.cancelled())));
      const settle = (end: () => void): void => {
        timer.cancel();
        forget?.();
        end();
        this.giveUp.abort();
      };
      this.repeat().then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }

  private async repeat(): Promise<T> {
    const { options, providers, giveUp } = this;
    for (;;) {
      this.attempts++;
      const remainingMs = this.endsAt - providers.time.now();
      this.isUnderWay = true;
      try {
        return await this.ask({ attempt: this.attempts, remainingMs, signal: giveUp.signal });
      } catch (error) {
        this.isUnderWay = false;
        const before = this.executed;
        this.note(error);
        if (giveUp.signal.aborted || !this.isWorthRepeating(error))
          throw isMoonpoolError(error) ? withAttemptsBefore(error, before) : error;
      }
      forgoAnswer(options.onRetry?.(this.last, this.attempts));
      await providers.time.sleep(this.backoff.nextMs());
      // Whoever asked has been answered.
      if (giveUp.signal.aborted) throw this.last;
    }
  }

  /** @throws MoonpoolError ASYNC_CALLBACK: whoever cannot say it at once repeats nothing. */
  private isWorthRepeating(error: unknown): boolean {
    const answer = this.options.isWorthRepeating(error);
    if (!isLateAnswer(answer)) return answer;
    throw new MoonpoolError('ASYNC_CALLBACK', {
      message: `A promise came from isWorthRepeating of a retry, whose answer is needed at once; what was asked had failed: ${messageOf(error)}`,
      executed: this.executed,
      cause: error,
    });
  }

  private note(error: unknown): void {
    this.last = error;
    if (!isMoonpoolError(error) || error.executed !== 'no') this.executed = 'maybe';
  }

  private tooLate(): MoonpoolError {
    const { attempts, options } = this;
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    return this.ended('CALL_TIMEOUT', `Within ${options.deadlineMs} ms there was no answer to what was asked ${times}`);
  }

  private cancelled(): MoonpoolError {
    const { attempts } = this;
    const when = attempts === 0 ? 'before the first attempt' : `in or after attempt ${attempts}`;
    return this.ended('CALL_CANCELLED', `The signal of a retry aborted ${when}`);
  }

  private ended(code: 'CALL_TIMEOUT' | 'CALL_CANCELLED', what: string): MoonpoolError {
    const { last } = this;
    return new MoonpoolError(code, {
      message: last === undefined ? what : `${what}; the last failure was: ${messageOf(last)}`,
      executed: this.isUnderWay ? 'maybe' : this.executed,
      ...(last === undefined ? {} : { cause: last }),
    });
  }
}
