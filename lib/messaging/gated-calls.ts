import { describeInvocation, timeLimitOf, type Expectation, type Invocation } from '../calls/invocation';
import type { MessagingOptions } from '../calls/messaging-options';
import type { OutputGate } from '../calls/output-gate';
import { onAbort } from '../concurrency/abort-listeners';
import { forgoAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import type { TimeProvider } from '../providers/time-provider';
import type { DroppedMessages } from './dropped-messages';
import type { LeftFailures } from './left-failures';
import { withOwnArguments } from './own-arguments';

/** What calls behind a gate need from their node. */
export interface GatedCallsParts {
  readonly time: TimeProvider;
  readonly options: Pick<MessagingOptions, 'callTimeoutMs'>;
  /** Makes the call; its place in the order of calls is that in which they leave. */
  readonly make: (invocation: Invocation, expects: Expectation) => Promise<unknown>;
  /** Sends the message, as {@link make}. */
  readonly send: (invocation: Invocation) => void;
  /** Learns which calls are not made for which their turn may not wait. */
  readonly left: LeftFailures;
  /** Learns what could not be sent in the end. */
  readonly dropped: DroppedMessages;
}

/** Calls of a turn that leave when what the turn has decided before them is durable. They have no more time for that. */
export class GatedCalls {
  constructor(private readonly parts: GatedCallsParts) {}

  /** @throws MoonpoolError UNSERIALIZABLE_VALUE */
  post(gate: OutputGate, invocation: Invocation): void {
    const own = withOwnArguments(invocation);
    gate.hold(() => {
      try {
        this.parts.send(own);
      } catch (error) {
        this.parts.dropped.note(own.target.id.path, own.handler.method, () => error);
      }
    });
  }

  /** @param opened resolves when the call may leave; rejects when it never will. */
  call(opened: Promise<void>, invocation: Invocation, expects: Expectation): Promise<unknown> {
    try {
      return this.callLater(opened, withOwnArguments(invocation), expects);
    } catch (error) {
      return this.parts.left.watch(Promise.reject(error), invocation);
    }
  }

  private callLater(opened: Promise<void>, invocation: Invocation, expects: Expectation): Promise<unknown> {
    const { time, options, make, left } = this.parts;
    const limit = time.now() + timeLimitOf(invocation, options.callTimeoutMs);
    const endsAt = Math.min(limit, invocation.scope?.deadline ?? Number.POSITIVE_INFINITY);
    const answer = new Promise<unknown>((resolve, reject) => {
      const refuse = (error: unknown): void => {
        left.failing(answer, invocation, error);
        reject(error);
      };
      let isOver = false;
      let forget = (): void => undefined;
      const giveUp = (error: unknown): void => {
        if (isOver) return;
        isOver = true;
        timer.cancel();
        forget();
        refuse(error);
      };
      const timer = time.schedule(Math.max(0, endsAt - time.now()), () => giveUp(tooLate(invocation)));
      const signal = invocation.options?.signal;
      // One that has aborted already ends the call when it is made.
      if (signal?.aborted === false) forget = onAbort(signal, () => giveUp(cancelled(invocation, signal.reason)));
      opened.then(() => {
        if (isOver) return;
        timer.cancel();
        forget();
        const timeoutMs = Math.max(0, endsAt - time.now());
        make({ ...invocation, options: { ...invocation.options, timeoutMs } }, expects).then(
          resolve,
          (error: unknown) => {
            // What has become of the call itself was told.
            forgoAnswer(answer);
            reject(error);
          },
        );
      }, giveUp);
    });
    return answer;
  }
}

function cancelled(invocation: Invocation, cause: unknown): MoonpoolError {
  const message = `${describeInvocation(invocation)} was cancelled by its caller`;
  return new MoonpoolError('CALL_CANCELLED', { message, executed: 'no', cause });
}

function tooLate(invocation: Invocation): MoonpoolError {
  return new MoonpoolError('CALL_TIMEOUT', {
    message: `${describeInvocation(invocation)} was not made: what its turn had changed before was not durable in time`,
  });
}
