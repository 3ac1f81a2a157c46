import { token } from '../injection/token';

/** Facts that go with a log line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a node tells people what they should know. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param error what failed; its cause is worth printing too. */
  error(message: string, error: unknown, fields?: LogFields): void;
}
export const Logger = token<Logger>('Logger');
