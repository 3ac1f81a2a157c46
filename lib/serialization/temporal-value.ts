import { TEMPORAL_CLASSES, type TemporalName } from '../metadata/temporal-classes';

/** No moment, date or duration needs more; what is longer is not looked into. */
const MAX_LETTERS = 1_000;
const DURATION_UNITS = [
  'years',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
] as const;
/** What a year with a month, or a month with a day, is written as when nothing is left out: `2026-11-01[u-ca=iso8601]`. */
const WITH_ALL = /^([+-]?\d{4,6})-(\d\d)-(\d\d)\[u-ca=([\w-]+)\]$/;

/** An object of `Temporal` as a text, and its class. */
export interface TemporalText {
  readonly name: TemporalName;
  readonly text: string;
}

/** Stands before the name of a class in what its objects say of themselves, and in the tags of their texts. */
export const TEMPORAL = 'Temporal.';

/** Undefined for an object of no class of `Temporal`, and for one that only passes for such. */
export function temporalTextOf(value: object): TemporalText | undefined {
  if (TEMPORAL_CLASSES.size === 0) return undefined;
  try {
    // It costs less than to ask each class, and is not believed: the text is asked of the class.
    const tag: unknown = Reflect.get(value, Symbol.toStringTag);
    if (typeof tag !== 'string' || !tag.startsWith(TEMPORAL)) return undefined;
    const name = tag.slice(TEMPORAL.length) as TemporalName;
    return TEMPORAL_CLASSES.has(name) ? { name, text: textOf(name, value) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The text of which {@link temporalOf} makes an object that is equal in every part. That is what its own text is, but for three: a duration would lose
 * how its seconds are divided, a year with a month its day in the ISO calendar, and a moment with a time zone would be read differently,
 * or not at all, where another table of time zones is known.
 */
function textOf(name: TemporalName, value: object): string {
  switch (name) {
    case 'Duration':
      return DURATION_UNITS.map((unit) => String(part(name, value, unit))).join(' ');
    case 'ZonedDateTime':
      return ['epochNanoseconds', 'timeZoneId', 'calendarId'].map((key) => String(part(name, value, key))).join(' ');
    case 'PlainYearMonth':
    case 'PlainMonthDay':
      return written(name, value, { calendarName: 'always' });
    default:
      return written(name, value);
  }
}

/** The object that the text is of. @throws RangeError for a text that is of none, and where this version of Node.js has no `Temporal`. */
export function temporalOf(name: string, text: string): object {
  const type = TEMPORAL_CLASSES.get(name as TemporalName) as TemporalClass | undefined;
  if (type === undefined)
    throw new RangeError('this version of Node.js has no such class; Node.js 26 and later have those of Temporal');
  if (text.length > MAX_LETTERS) throw new RangeError(`${text.length} letters are too many`);
  switch (name as TemporalName) {
    case 'Duration':
      return new type(...text.split(' ').map(Number));
    case 'ZonedDateTime': {
      const [nanoseconds = '', timeZone, calendar] = text.split(' ');
      return new type(BigInt(nanoseconds), timeZone, calendar);
    }
    case 'PlainYearMonth':
    case 'PlainMonthDay': {
      const [, year, month, day, calendar] = WITH_ALL.exec(text) ?? [];
      if (year === undefined) throw new RangeError('it is not written with all its parts');
      return name === 'PlainYearMonth'
        ? new type(Number(year), Number(month), calendar, Number(day))
        : new type(Number(month), Number(day), calendar, Number(year));
    }
    default:
      return type.from(text);
  }
}

interface TemporalClass {
  new (...parts: readonly unknown[]): object;
  from(text: string): object;
}

/** By the class itself, whatever the object or a class of a program that extends it says in its place. @throws TypeError for what is no object of the class. */
function part(name: TemporalName, value: object, key: string): unknown {
  return Reflect.get(prototypeOf(name), key, value) as unknown;
}

function written(name: TemporalName, value: object, options?: object): string {
  return String(Reflect.apply((prototypeOf(name) as { toString: Function }).toString, value, [options]));
}

function prototypeOf(name: TemporalName): object {
  return TEMPORAL_CLASSES.get(name)?.prototype as object;
}
