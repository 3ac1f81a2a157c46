import { anyOf, delay, label } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { requestValues } from './call-options';

/** How a message is delivered; given with `$deliver.$with`. */
export interface DeliverOptions {
  /** Not before so many milliseconds from now, by the clock of the store. Default: as soon as may be. */
  readonly delayMs?: number;
  /** Not before this moment. */
  readonly at?: Date;
  /**
   * The name of the message among those to this actor, of at most 200 bytes: while one of that name waits, a client's second one is left
   * out, and an actor's takes its place. Default: one that no other message has.
   */
  readonly id?: string;
  /** What is said about the request beside its arguments, by name, as with `$with`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export const DELIVER_OPTIONS = optionTable<DeliverOptions>(
  {
    delayMs: delay(),
    at: anyOf('a Date that is a moment', (value) => value instanceof Date && Number.isFinite(value.getTime())),
    id: label(200),
    context: requestValues(),
  },
  {
    together: ({ delayMs, at }, { door }) =>
      delayMs === undefined || at === undefined
        ? undefined
        : { message: `${door} was given delayMs and at: one of them` },
  },
);
