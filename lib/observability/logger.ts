import { forgoAnswer } from '../concurrency/prompt-answer';
import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';

/** Facts that go with a log line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a node tells people what they should know. One that throws harms nothing: its line is lost, and no more. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param error what failed, which may be anything at all; the cause of an error is worth printing too. */
  error(message: string, error: unknown, fields?: LogFields): void;
}
export const Logger = token<Logger>('Logger', (logger) => new GuardedLogger(complete(logger)));

const complete = whole<Logger>('Logger', () => ({ info: 0, warn: 0, error: 0 }) satisfies Record<keyof Logger, 0>);

/**
 * Stands around the logger that somebody has bound. Much is logged where something else is being ended, a turn, a connection, a
 * node, and that end must not depend on whether its line could be written; nor must a promise that a logger leaves behind.
 */
class GuardedLogger implements Logger {
  constructor(private readonly logger: Logger) {}

  info(message: string, fields?: LogFields): void {
    attempt(() => this.logger.info(message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    attempt(() => this.logger.warn(message, fields));
  }

  error(message: string, error: unknown, fields?: LogFields): void {
    attempt(() => this.logger.error(message, error, fields));
  }
}

/** There is nowhere to say that a line was lost: whoever prints lines is who has failed. */
function attempt(write: () => unknown): void {
  try {
    forgoAnswer(write());
  } catch {
    // See above.
  }
}
