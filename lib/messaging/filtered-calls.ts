import type { CallFilter } from '../actor/call-filter';
import { describeInvocation, timeLimitOf, type Invocation } from '../calls/invocation';
import { onAbort } from '../concurrency/abort-listeners';
import { MoonpoolError } from '../errors/moonpool-error';
import { DeadlineWatch } from '../providers/deadline-watch';
import { LimitedWork } from '../providers/time-limits';
import type { TimeProvider } from '../providers/time-provider';
import type { DroppedMessages } from './dropped-messages';
import { throughOutgoing } from './outgoing-filters';

/** How long filters may take with what their call has come to at its deadline, in milliseconds. */
const AFTER_CALL_MS = 50;

/** What calls need that go through filters. */
export interface FilteredCallsParts {
  /** The first stands outermost. */
  readonly filters: readonly CallFilter[];
  readonly time: TimeProvider;
  /** How long a call may take unless it, or its handler, says otherwise, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Learns which messages the filters have refused. */
  readonly dropped: DroppedMessages;
}

/** Makes the call, as the filters have left it. */
type Make = (invocation: Invocation) => Promise<unknown>;

/**
 * Calls on their way through the filters of this process, which are the user's code and may take their time. The deadline of a call
 * and its signal hold for the filters too: whoever waits does not care what for.
 */
export class FilteredCalls {
  private readonly passages: DeadlineWatch<Passage>;

  constructor(private readonly parts: FilteredCallsParts) {
    this.passages = new DeadlineWatch(parts.time, (passage) => passage.giveUp());
  }

  /** How many calls have not come back. */
  get size(): number {
    return this.passages.size;
  }

  /** Resolves to what the filters answer. Rejects as they do, and with CALL_TIMEOUT or CALL_CANCELLED. */
  call(invocation: Invocation, make: Make): Promise<unknown> {
    const { filters, time, callTimeoutMs } = this.parts;
    return new Promise((resolve, reject) => {
      const limitMs = timeLimitOf(invocation, callTimeoutMs);
      const passage = new Passage(invocation, time.now(), limitMs, (settle) => {
        this.passages.remove(passage);
        settle(resolve, reject);
      });
      this.passages.add(passage);
      passage.heed(invocation.options?.signal);
      throughOutgoing(filters, invocation, (filtered) => passage.make(filtered, time.now(), make)).then(
        (answer) => passage.end((answered) => answered(answer)),
        (error: unknown) => passage.fail(error),
      );
    });
  }

  /** Of a message nobody waits for what becomes of it. @param post sends it, as the filters have left it. */
  send(invocation: Invocation, post: (invocation: Invocation) => void): void {
    const { filters, dropped } = this.parts;
    const { target, handler } = invocation;
    throughOutgoing(filters, invocation, async (filtered) => post(filtered)).catch((error: unknown) =>
      dropped.note(target.id.path, handler.method, () => error),
    );
  }

  /** No call is made any more, and those that were have ended: their filters have a moment to say with what. @param makeError with what all others end. */
  end(makeError: (invocation: Invocation, executed: 'no' | 'maybe') => MoonpoolError): void {
    const fail = (passage: Passage): void => passage.fail(makeError(passage.invocation, passage.executed));
    const [made, others] = [[] as Passage[], [] as Passage[]];
    for (const passage of this.passages.values()) (passage.executed === 'no' ? others : made).push(passage);
    others.forEach(fail);
    if (made.length > 0) this.parts.time.schedule(AFTER_CALL_MS, () => made.forEach(fail));
    this.passages.stop();
  }
}

/** Tells whoever waits. */
type Settle = (resolve: (answer: unknown) => void, reject: (error: unknown) => void) => void;

/** One call on its way. */
class Passage extends LimitedWork {
  private release: () => void = () => undefined;
  private isMade = false;
  private isOver = false;
  private failure: unknown;

  constructor(
    readonly invocation: Invocation,
    private readonly begunAt: number,
    private readonly limitMs: number,
    private readonly onEnded: (settle: Settle) => void,
  ) {
    super(Math.min(begunAt + limitMs, invocation.scope?.deadline ?? Number.POSITIVE_INFINITY) + AFTER_CALL_MS);
  }

  /** Whether the actor may have run it. */
  get executed(): 'no' | 'maybe' {
    return this.isMade ? 'maybe' : 'no';
  }

  /** The innermost filter has let it go on. */
  make(filtered: Invocation, now: number, make: Make): Promise<unknown> {
    const timeoutMs = this.begunAt + this.limitMs - now;
    if (timeoutMs <= 0) this.giveUp();
    if (this.isOver) return Promise.reject(this.failure);
    this.isMade = true;
    return make(now === this.begunAt ? filtered : { ...filtered, options: { ...filtered.options, timeoutMs } });
  }

  /** One that was made heeds the signal itself, and knows better what has become of it. */
  heed(signal: AbortSignal | undefined): void {
    if (signal === undefined || signal.aborted) return;
    this.release = onAbort(signal, () => {
      if (this.isMade) return;
      const message = `${describeInvocation(this.invocation)} was cancelled by its caller`;
      this.fail(new MoonpoolError('CALL_CANCELLED', { message, executed: 'no', cause: signal.reason }));
    });
  }

  giveUp(): void {
    const { executed, invocation, limitMs } = this;
    const what =
      executed === 'no' ? 'was not started: the outgoing filters did not let it go on' : 'got no answer of the filters';
    const message = `${describeInvocation(invocation)} ${what} within ${Math.ceil(limitMs)} ms`;
    this.fail(new MoonpoolError('CALL_TIMEOUT', { message, executed }));
  }

  /** What has not been made by then will not be. */
  fail(error: unknown): void {
    if (!this.isOver) this.failure = error;
    this.end((_, reject) => reject(error));
  }

  /** The first end counts. */
  end(settle: Settle): void {
    if (this.isOver) return;
    this.isOver = true;
    this.release();
    this.onEnded(settle);
  }
}
