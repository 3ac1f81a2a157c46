import { isMoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { reasonOf } from '../errors/reason-of';
import type { Timer, TimeProvider } from '../providers/time-provider';
import { LabelledCounter } from './instruments';
import type { LogFields, Logger } from './logger';

/** For how long one who is refused again is only counted, in milliseconds. */
const INTERVAL_MS = 1_000;

/** How many of those who are refused in one interval are told one by one. */
const MAX_SOURCES = 20;

/** Why something was refused: fields of the log line, and the error, if there is one. */
export interface RefusalDetails {
  readonly fields?: LogFields;
  readonly error?: unknown;
}

/** One who was logged in the present interval. */
interface Source {
  readonly fields: LogFields;
  /** How often since then. */
  again: number;
}

/** One kind of refusal in the present interval. */
interface Kind {
  readonly sources: Map<unknown, Source>;
  /** How often those were refused who are too many to be told one by one. */
  others: number;
}

/**
 * Tells people what this process has refused or dropped, however much of it there is: each kind once for each source and
 * second, then how often it came again. A flood of bad messages so costs a counter and no disk, and what others have said
 * reaches the log visible and cut. Every kind is counted from the start, for `inspect()`.
 */
export class RefusalLog {
  private readonly kinds = new Map<string, Kind>();
  private timer: Timer | undefined;
  private stopped = false;

  constructor(
    private readonly logger: Logger,
    private readonly time: TimeProvider,
    private readonly counts = new LabelledCounter(),
  ) {}

  /** How often each kind has come since the start. */
  describe(): Readonly<Record<string, number>> {
    return this.counts.values;
  }

  /**
   * Something was refused or dropped.
   * @param kind what has happened, as a sentence of our own: never a text from outside.
   * @param source who is to blame: a connection, or the name of a host or an actor; whoever is refused again within a second is only counted.
   * @param details is asked for when it is told, so that what is only counted costs nothing.
   */
  note(kind: string, source: unknown, details: () => RefusalDetails): void {
    this.counts.of(kind).value++;
    if (this.stopped) return;
    const present = this.kinds.get(kind) ?? this.begin(kind);
    const known = present.sources.get(source);
    if (known !== undefined) known.again++;
    else if (present.sources.size >= MAX_SOURCES) present.others++;
    else present.sources.set(source, { fields: this.tell(kind, details()), again: 0 });
  }

  /** Tells what was only counted so far, and counts on in silence. */
  stop(): void {
    this.timer?.cancel();
    this.report();
    this.stopped = true;
  }

  private begin(kind: string): Kind {
    const present: Kind = { sources: new Map(), others: 0 };
    this.kinds.set(kind, present);
    this.timer ??= this.time.schedule(INTERVAL_MS, () => this.onInterval());
    return present;
  }

  private onInterval(): void {
    this.report();
    this.timer = this.kinds.size === 0 ? undefined : this.time.schedule(INTERVAL_MS, () => this.onInterval());
  }

  /** Tells how often each came again. Those who did stay for another interval; the others are told at once when they come. */
  private report(): void {
    for (const [kind, present] of this.kinds) {
      for (const [source, told] of present.sources) {
        if (told.again === 0) present.sources.delete(source);
        else this.logger.warn(`${kind}, again`, { count: told.again, ...told.fields });
        told.again = 0;
      }
      if (present.others > 0) this.logger.warn(`${kind}, by many others`, { count: present.others });
      present.others = 0;
      if (present.sources.size === 0) this.kinds.delete(kind);
    }
  }

  private tell(kind: string, { fields = {}, error }: RefusalDetails): LogFields {
    const safe = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? outsideText(value) : value]),
    );
    if (error === undefined) this.logger.warn(kind, safe);
    // What has no code of ours is a mistake of the code, whose place somebody will look for.
    else if (!isMoonpoolError(error)) this.logger.error(kind, error, safe);
    else this.logger.warn(kind, { ...safe, code: error.code, why: outsideText(reasonOf(error)) });
    return safe;
  }
}
