import type { Cron } from 'croner';
import { MoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';

/** A pattern and the zone whose clock is meant. */
export interface CronPattern {
  readonly pattern: string;
  /** By its IANA name. */
  readonly timeZone: string;
}

/** The moment that follows, in milliseconds since 1970; undefined when none does, as of 30 February. It depends on nothing else. */
export function nextByCron(cron: CronPattern, after: number): number | undefined {
  return parsed(cron).nextRun(new Date(after))?.getTime();
}

/** The moment that is not later than the given one; undefined when there was none. */
export function lastByCron(cron: CronPattern, at: number): number | undefined {
  return parsed(cron)
    .previousRuns(1, new Date(at + 1))[0]
    ?.getTime();
}

function parsed({ pattern, timeZone }: CronPattern): Cron {
  // Loaded with the first pattern: most applications have none.
  const croner = require('croner') as { readonly Cron: typeof Cron };
  return new croner.Cron(pattern, { timezone: timeZone });
}

/** @param now in milliseconds since 1970. @throws MoonpoolError INVALID_OPTION for a pattern or zone that cannot be, and for one that never comes. */
export function checkCron(door: string, cron: CronPattern, now: number): void {
  const fields = cron.pattern.trim().split(/\s+/).length;
  // A word such as @daily stands for a pattern.
  if (fields !== 5 && fields !== 6 && !cron.pattern.startsWith('@'))
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${door} was given the pattern '${cron.pattern}', which has ${fields === 1 ? 'one field' : `${fields} fields`}, and a pattern has five, or six with seconds in front`,
      remedy: "Write minute, hour, day of the month, month and day of the week, as in '0 9 * * MON'.",
    });
  let next: number | undefined;
  try {
    next = nextByCron(cron, now);
  } catch (cause) {
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${door} was given the pattern '${cron.pattern}' in the zone '${cron.timeZone}', which cannot be: ${messageOf(cause)}`,
      remedy:
        "Write minute, hour, day of the month, month and day of the week, as in '0 9 * * MON', and an IANA name such as 'Europe/Berlin'.",
      cause,
    });
  }
  if (next === undefined)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${door} was given the pattern '${cron.pattern}', by which it would never be due`,
      remedy: 'Name a day that comes.',
    });
}
