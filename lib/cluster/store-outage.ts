import { isMoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { reasonOf } from '../errors/reason-of';
import type { Logger } from '../observability/logger';
import type { TimeProvider } from '../providers/time-provider';

/** How long after a line the next one is written about the same outage, in milliseconds. */
const TELL_MS = 30_000;

/**
 * Tells people that the store of members is out of reach: when that begins, from time to time how long it has lasted, and when it is over. It
 * is asked several times a second to several times a minute, and a client goes on asking for as long as the outage lasts.
 */
export class StoreOutage {
  private since: number | undefined;
  private toldAt = 0;
  private isOver = false;

  constructor(
    private readonly time: TimeProvider,
    private readonly logger: Logger,
  ) {}

  /** True from a failure until a success. */
  get lasts(): boolean {
    return this.since !== undefined;
  }

  /** This process ends: what is cut off by that says nothing of the store. */
  end(): void {
    this.isOver = true;
  }

  /** The store was asked, and has failed. */
  failed(error: unknown): void {
    if (this.isOver) return;
    const now = this.time.now();
    if (this.since === undefined) {
      this.since = now;
      this.tell('the membership store could not be reached', error);
    } else if (now - this.toldAt >= TELL_MS) this.tell('the membership store still cannot be reached', error);
  }

  /** The store was asked, and has answered. */
  succeeded(): void {
    if (this.since === undefined || this.isOver) return;
    const forMs = Math.round(this.time.now() - this.since);
    this.since = undefined;
    this.logger.info('the membership store is reached again', { forMs });
  }

  private tell(what: string, error: unknown): void {
    this.toldAt = this.time.now();
    const lasted = Math.round(this.toldAt - (this.since ?? this.toldAt));
    const fields = lasted === 0 ? {} : { forMs: lasted };
    // Our own errors say all in one line; of any other the place is worth looking at.
    if (isMoonpoolError(error))
      this.logger.warn(what, { ...fields, code: error.code, why: outsideText(reasonOf(error)) });
    else this.logger.error(what, error, fields);
  }
}
