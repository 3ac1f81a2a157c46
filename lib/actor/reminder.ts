import { anyOf, anything, delay, label } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { OptionMistake } from '../options/option-mistake';

/** How long the name of a reminder may be, in bytes: it is part of the name of a call. */
export const MAX_REMINDER_NAME_BYTES = 200;

/** The shortest period, in milliseconds. */
const LEAST_PERIOD_MS = 1_000;

/** When a reminder is due: `every`, with `first` if wished; `cron`, with `timeZone`; `at` or `delayMs`, for one that is due once. */
export interface ReminderOptions {
  /** The period: milliseconds from 1,000, or a text such as `30 days`, `12 hours`, `90 seconds`. */
  readonly every?: number | string;
  /** With `every`: when it is due first, as a moment or in milliseconds from now. Default: after one period. */
  readonly first?: Date | number;
  /** A pattern of five fields (minute, hour, day of the month, month, day of the week), or of six, the first of which are seconds: `0 9 * * MON`. */
  readonly cron?: string;
  /** With `cron`: the zone whose clock is meant, by its IANA name. Default: `UTC`. */
  readonly timeZone?: string;
  /** Once, at this moment. */
  readonly at?: Date;
  /** Once, so many milliseconds from now. */
  readonly delayMs?: number;
  /** What the reminder is given back when it is due: what can be the argument of a call. Default: nothing. */
  readonly data?: unknown;
}

const moment = anyOf('a Date', isMoment);

export const REMINDER_OPTIONS = optionTable<ReminderOptions>(
  {
    every: anyOf(
      `a number of milliseconds from 1,000, or a text such as '30 days' or '90 seconds'`,
      (value) => (typeof value === 'number' || typeof value === 'string') && isPeriod(periodMs(value)),
    ),
    first: anyOf(
      'a Date, or a number of milliseconds that is not negative',
      (value) => isMoment(value) || delay().admits?.(value) === true,
    ),
    cron: label(200),
    timeZone: label(100),
    at: moment,
    delayMs: delay(),
    data: anything,
  },
  {
    together: (options, { door }): OptionMistake | undefined => {
      const given = (['every', 'cron', 'at', 'delayMs'] as const).filter((name) => options[name] !== undefined);
      if (given.length !== 1) {
        const found = given.length === 0 ? 'nothing' : given.join(' and ');
        return { message: `${door} takes one of every, cron, at and delayMs, and was given ${found}` };
      }
      if (options.first !== undefined && options.every === undefined)
        return { message: `${door} was given first without every` };
      if (options.timeZone !== undefined && options.cron === undefined)
        return { message: `${door} was given timeZone without cron` };
      return undefined;
    },
  },
);

const UNITS_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 24 * 3_600_000,
  week: 7 * 24 * 3_600_000,
};

/** A period in milliseconds; NaN for a text that is none. A day has 24 hours here: `cron` knows the days of a calendar. */
export function periodMs(every: number | string): number {
  if (typeof every === 'number') return every;
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(second|minute|hour|day|week)s?$/.exec(every) ?? [];
  return Number(amount) * (UNITS_MS[unit ?? ''] ?? Number.NaN);
}

function isPeriod(ms: number): boolean {
  return ms >= LEAST_PERIOD_MS && delay().admits?.(ms) === true;
}

function isMoment(value: unknown): boolean {
  return value instanceof Date && Number.isFinite(value.getTime());
}

/** A reminder that is due, as the method marked with `@Reminder` is given it. */
export interface DueReminder {
  readonly name: string;
  /** When it was due, by the clock of the store: never later than now. */
  readonly dueAt: Date;
  /**
   * How many due times before this one were passed over, because nothing ran or the handler refused them: they are counted and
   * never made up for. Of a cron pattern 200 at most are counted.
   */
  readonly missed: number;
  /** What `context.remind` was given. */
  readonly data?: unknown;
}

/** A reminder that is set, as `context.reminders()` shows it. */
export interface SetReminder {
  readonly name: string;
  /** When it is due next; undefined where the store has not said it yet. */
  readonly nextAt: Date | undefined;
  /** Its period in milliseconds, if it has one. */
  readonly everyMs?: number;
  readonly cron?: string;
  readonly timeZone?: string;
}

/** How the names of the calls begin by which reminders come to their actors: no handler can have one. */
const PREFIX = '$reminder/';

/** The name of the call by which the reminder comes to its actor. */
export function methodOfReminder(name: string): string {
  return `${PREFIX}${name}`;
}

/** The name of the reminder whose call that is; undefined for a call of something else. */
export function reminderOfMethod(method: string): string | undefined {
  return method.startsWith(PREFIX) ? method.slice(PREFIX.length) : undefined;
}
