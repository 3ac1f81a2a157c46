import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { mistakesOf } from './option-look';
import { unknownOption, wrongOption, type OptionMistake, type OptionPlace } from './option-mistake';
import { isWellFormed, OF_WHOLE_LETTERS } from './well-formed-text';

/** What an option may be. `V` is what its interface admits, all of which the kind looks at. */
export interface OptionKind<in V> {
  /** For messages: what follows "must be". */
  readonly wanted: string;
  /** True when there is certainly nothing wrong with it: the short way, for options of calls. */
  readonly admits?: (value: unknown) => boolean;
  /** What is wrong with a value that was given. */
  readonly mistakesIn: (value: unknown, place: OptionPlace) => readonly OptionMistake[];
  /** The paths of the options inside, of a group. */
  readonly paths?: readonly string[];
  /** True when it must be given. */
  readonly isRequired?: boolean;
  /** True when no message quotes it. */
  readonly isSecret?: boolean;
  /** For the compiler alone: which values are covered. */
  readonly covers?: (value: V) => void;
}

/** The kind of an option that must be given. */
export interface RequiredOption<in V> extends OptionKind<V> {
  readonly isRequired: true;
}

/** The longest time that is taken, in milliseconds: a hundred years. What shall never be is said otherwise. */
const LONGEST_MS = 100 * 365 * 24 * 3_600_000;

/** An option that must be given. */
export function mandatory<V>(kind: OptionKind<V>): RequiredOption<V> {
  return { ...kind, isRequired: true };
}

/** Anything that passes a test. @param wanted for messages: what follows "must be". */
export function anyOf(wanted: string, admits: (value: unknown) => boolean): OptionKind<unknown> {
  return { wanted, admits, mistakesIn: (value, place) => (admits(value) ? [] : [wrongOption(place, wanted, value)]) };
}

/** What may be secret, so that no message quotes it. */
export function secret(wanted: string, admits: (value: unknown) => boolean): OptionKind<unknown> {
  return {
    wanted,
    isSecret: true,
    mistakesIn: (value, place) => (admits(value) ? [] : [wrongOption(place, wanted, value, true)]),
  };
}

/** What somebody else looks at. */
export const anything: OptionKind<unknown> = { wanted: 'given', mistakesIn: () => [] };

/** What has a check of its own, which throws: its error says besides which option it was. */
export function checkedBy(wanted: string, check: (value: unknown) => void): OptionKind<unknown> {
  return {
    wanted,
    mistakesIn: (value, { door, path }) => {
      try {
        check(value);
      } catch (error) {
        if (!isMoonpoolError(error)) throw error;
        const { code, executed, remedy } = error;
        const option = path === '' ? door : `The option ${path} of ${door}`;
        throw new MoonpoolError(code, {
          message: `${option} cannot work: ${reasonOf(error)}`,
          executed,
          remedy,
        });
      }
      return [];
    },
  };
}

/** A whole number. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER): OptionKind<number> {
  const wanted =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`;
  return anyOf(
    wanted,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** A time that something takes, which is never nothing. @param least in milliseconds. Default: whatever is above 0. */
export function duration(least?: number): OptionKind<number> {
  if (least === undefined) return time('a number of milliseconds above 0', (value) => value > 0);
  return time(`a number of milliseconds from ${least}`, (value) => value >= least);
}

/** A time that something waits at most, or none at all. */
export function delay(): OptionKind<number> {
  return time('a number of milliseconds that is not negative', (value) => value >= 0);
}

/** A number, whole or not. */
export function factor(least: number, most = Number.MAX_VALUE): OptionKind<number> {
  const wanted = most === Number.MAX_VALUE ? `a number from ${least}` : `a number from ${least} to ${most}`;
  return anyOf(wanted, (value) => typeof value === 'number' && value >= least && value <= most);
}

export function flag(): OptionKind<boolean> {
  return anyOf('true or false', (value) => typeof value === 'boolean');
}

/** One of some words. */
export function choice<const W extends string>(...words: readonly W[]): OptionKind<W> {
  const quoted = words.map((word) => `'${word}'`);
  const wanted = quoted.length === 1 ? (quoted[0] as string) : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return anyOf(wanted, (value) => (words as readonly unknown[]).includes(value));
}

/** A text that is not empty, by which something is found: of whole letters. @param wanted for messages: `the path of a folder`. */
export function text(wanted: string): OptionKind<string> {
  return {
    ...anyOf(wanted, isText),
    // Who has given half a letter is told so, and nobody else.
    mistakesIn: (value, place) => {
      if (isText(value)) return [];
      const isSpoiled = typeof value === 'string' && value !== '';
      return [wrongOption(place, isSpoiled ? `${wanted}, ${OF_WHOLE_LETTERS}` : wanted, value)];
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && isWellFormed(value);
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is to find
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** A name that stands in logs and messages: one line, and not longer than so many bytes. */
export function label(maxBytes: number): OptionKind<string> {
  const wanted = `a text of 1 to ${maxBytes} bytes without line breaks and other control characters, and ${OF_WHOLE_LETTERS}`;
  return anyOf(
    wanted,
    (value) => isText(value) && Buffer.byteLength(value) <= maxBytes && !CONTROL_CHARACTER.test(value),
  );
}

/** A function. @param wanted for messages: `a function (error) => boolean`. */
export function callback(wanted: string): OptionKind<unknown> {
  return anyOf(wanted, (value) => typeof value === 'function');
}

/** What ends a wait. */
export function signal(): OptionKind<AbortSignal> {
  return anyOf('an AbortSignal', (value) => {
    const { aborted, addEventListener } = (value ?? {}) as {
      readonly aborted?: unknown;
      readonly addEventListener?: unknown;
    };
    return typeof aborted === 'boolean' && typeof addEventListener === 'function';
  });
}

/** A list. @param wanted for messages: `a list of actor classes`. */
export function list<V>(wanted: string, item: OptionKind<V>): OptionKind<readonly V[]> {
  return {
    wanted,
    mistakesIn: (value, place) => {
      if (!Array.isArray(value)) return [wrongOption(place, wanted, value)];
      // A hole of a list is looked at as what it is read as.
      return Array.from(value as readonly unknown[]).flatMap((each, index) => {
        const itsPlace = { door: place.door, path: `${place.path}[${index}]` };
        return mistakesOf(item, itsPlace, each, () => item.mistakesIn(each, itsPlace));
      });
    },
  };
}

/** Of a time that is too long the limit is told, which nobody else needs to know. */
function time(wanted: string, fits: (ms: number) => boolean): OptionKind<number> {
  const admits = (value: unknown): boolean => typeof value === 'number' && value <= LONGEST_MS && fits(value);
  const atMost = `${wanted}, and at most ${LONGEST_MS}, which is a hundred years`;
  return {
    wanted,
    admits,
    mistakesIn: (value, place) => {
      if (admits(value)) return [];
      const isTooLong = typeof value === 'number' && Number.isFinite(value) && value > LONGEST_MS;
      return [wrongOption(place, isTooLong ? atMost : wanted, value)];
    },
  };
}

/**
 * An object that the user makes for a list. A field that is written wrongly in a plain object would change nothing and say nothing; an
 * object of a class has fields of its own. @param wanted for messages: `a task { name, run(node) }`.
 */
export function shape(
  wanted: string,
  fields: readonly string[],
  admits: (value: unknown) => boolean,
): OptionKind<unknown> {
  return {
    wanted,
    mistakesIn: (value, place) => {
      if (!admits(value)) return [wrongOption(place, wanted, value)];
      if (Object.getPrototypeOf(value) !== Object.prototype) return [];
      const unknown = Object.keys(value as object).filter((field) => !fields.includes(field));
      return unknown.map((field) => unknownOption(place, field, fields));
    },
  };
}
