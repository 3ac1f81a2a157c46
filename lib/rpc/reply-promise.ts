import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';

/** How the answer of a request gets back to whoever asked. */
export interface ReplyRoute {
  /** @throws MoonpoolError UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE; the request is then unanswered. */
  value(value: unknown): void;
  error(error: unknown): void;
  broken(): void;
}

/**
 * The answer that a server owes for one request. It is given once: a value, an error, or, when the handler ended without
 * either, the news that it never comes. Of a one-way request nobody waits for it, and all the same it is to be given. The
 * idea is FoundationDB's.
 */
export class ReplyPromise<T> {
  private state: 'open' | 'fulfilled' | 'failed' | 'broken' = 'open';

  /**
   * @param onAnswered is notified once, whatever the answer was.
   * @param name the endpoint, for messages.
   */
  constructor(
    private readonly route: ReplyRoute,
    private readonly onAnswered: () => void,
    private readonly name: string,
  ) {}

  /** True when the value or an error was given, or the promise is broken. */
  get isAnswered(): boolean {
    return this.state !== 'open';
  }

  /** True when no answer comes any more. */
  get isBroken(): boolean {
    return this.state === 'broken';
  }

  /** Answers with the value. @throws MoonpoolError REPLY_ALREADY_GIVEN, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE */
  fulfil(value: T): void {
    this.requireOpen();
    this.route.value(value);
    this.end('fulfilled');
  }

  /** Answers with an error, with which the caller's future then fails, `executed: 'yes'`. @throws MoonpoolError REPLY_ALREADY_GIVEN */
  fail(error: unknown): void {
    this.requireOpen();
    this.route.error(asAnswer(this.name, error));
    this.end('failed');
  }

  /** Answers that the request is not taken, for nobody has begun with it. Called by its stream. */
  refuse(error: MoonpoolError): void {
    this.route.error(error);
    this.end('failed');
  }

  /** Tells the caller that no answer will come. Does nothing when there was one. */
  break(): void {
    if (this.isAnswered) return;
    this.route.broken();
    this.end('broken');
  }

  private end(state: 'fulfilled' | 'failed' | 'broken'): void {
    this.state = state;
    this.onAnswered();
  }

  private requireOpen(): void {
    if (this.state === 'open') return;
    const message = `A request for ${this.name} was to be answered again; its reply promise is ${this.state} already`;
    throw new MoonpoolError('REPLY_ALREADY_GIVEN', { message, executed: 'maybe' });
  }
}

/** An error of ours that a handler passes on speaks of other work than the caller's, so it stands behind one that does not. */
function asAnswer(name: string, error: unknown): unknown {
  if (!isMoonpoolError(error)) return error;
  return new MoonpoolError('HANDLER_FAILED', {
    message: `The handler of ${name} failed with ${error.code}: ${reasonOf(error)}`,
    executed: 'yes',
    cause: error,
  });
}
