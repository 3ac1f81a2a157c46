import { leavePromisesIn } from '../concurrency/handed-promises';
import { isError, partOf, textOf } from '../errors/thrown-value';
import { kindOf } from './carried-object';
import { errorIn, recordOfError, restoreError, type ErrorRecord } from './error-record';
import { toTagged } from './tagged-value';
import { fromTagged } from './untagged-value';
import { isolate } from './value-isolation';
import { isDangerousKey, MAX_KEYS } from './value-limits';

export { errorIn, restoreError, type ErrorRecord };

/** How much of an error travels, in letters and bytes, about: far less than a packet holds. What is beyond is cut, and says so. */
const MAX_LETTERS = 65_536;
/** Of its message alone. */
const MAX_MESSAGE = 16_384;
/** How deep causes and fields may lie within one another. An error takes two levels of a value, whose limit is 32. */
const MAX_LEVELS = 10;
/** What a number costs, or the frame of an object. */
const SMALL = 16;
/** Stands for a part that cannot travel. */
const NOTHING = Symbol('nothing');

/**
 * What was thrown, as data, by every way: to callers near and far, between threads, to the other side of a fixed endpoint. It may be
 * anything: what of it cannot travel is left out, what is too long or too deep is cut with a note, and nothing that it does when it is
 * looked at makes this fail.
 */
export function describeError(thrown: unknown): ErrorRecord {
  const copy = new ThrownCopy();
  if (isError(thrown)) return copy.record(thrown, 0);
  const cause = copy.of(thrown, 1);
  const message = `A value that is no error was thrown: ${wordsFor(thrown)}`;
  return {
    name: 'Error',
    message: cut(message, MAX_MESSAGE),
    ...(cause === undefined || cause === NOTHING ? {} : { cause }),
  };
}

/** The error in terms of JSON alone, for ways that know nothing of errors, such as those between threads. */
export function packError(thrown: unknown): unknown {
  return toTagged(describeError(thrown));
}

/** The error that {@link packError} was given. */
export function unpackError(packed: unknown): Error {
  return restoreError(fromTagged(packed));
}

/** A copy of as much as can travel. */
class ThrownCopy {
  private left = MAX_LETTERS;
  private readonly above = new Set<unknown>();

  record(error: Error, depth: number): ErrorRecord {
    const {
      name,
      message,
      detail,
      remedy,
      cause,
      errors,
      error: last,
      suppressed,
      fields,
      ...rest
    } = recordOfError(error);
    this.above.add(error);
    const record = {
      ...rest,
      name: cut(name, MAX_MESSAGE),
      message: this.text(cut(message, MAX_MESSAGE)),
      ...(detail === undefined ? {} : { detail: cut(detail, MAX_MESSAGE) }),
      ...(remedy === undefined ? {} : { remedy: cut(remedy, MAX_MESSAGE) }),
      ...this.part('cause', cause, depth + 1),
      ...(errors === undefined ? {} : { errors: this.items(errors, depth + 1) }),
      ...this.part('error', last, depth + 1),
      ...this.part('suppressed', suppressed, depth + 1),
      ...(fields === undefined ? {} : { fields: this.fields(fields, depth + 1) }),
    };
    this.above.delete(error);
    return record;
  }

  /** The copy of a part; NOTHING when it cannot travel. */
  of(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'function' || typeof value === 'symbol') return NOTHING;
    if (typeof value !== 'object' || value === null) return this.whole(value, SMALL);
    if (this.above.has(value)) return '[left out: it holds itself]';
    if (depth >= MAX_LEVELS) return '[left out: it lies too deep]';
    if (this.left <= 0) return '[left out: the error is too large]';
    this.left -= SMALL;
    this.above.add(value);
    const copy = this.object(value, depth);
    this.above.delete(value);
    return copy;
  }

  private object(value: object, depth: number): unknown {
    try {
      const kind = kindOf(value);
      switch (kind) {
        case 'record':
          return this.fields(value as Readonly<Record<string, unknown>>, depth + 1);
        case 'array':
          return this.items(value as readonly unknown[], depth + 1);
        case 'set':
          return new Set(this.items([...(value as ReadonlySet<unknown>)], depth + 1));
        case 'map':
          return new Map(
            [...(value as ReadonlyMap<unknown, unknown>)]
              .slice(0, MAX_KEYS)
              .map(([key, item]) => [this.item(key, depth + 1), this.item(item, depth + 1)]),
          );
        case 'error':
          return restoreError(this.record(value as Error, depth + 1));
        default:
          return this.whole(value, 'byteLength' in value ? Number(value.byteLength) : SMALL);
      }
    } catch {
      // A promise, for one: it does not travel, and nobody here waits for it.
      leavePromisesIn(value);
      return NOTHING;
    }
  }

  private fields(value: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value).slice(0, MAX_KEYS)) {
      if (isDangerousKey(key) || this.left <= 0) continue;
      this.left -= key.length;
      Object.assign(copy, this.part(key, partOf(value, key), depth));
    }
    return copy;
  }

  private items(list: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      if (this.left <= 0) {
        copy.push(`[left out: ${list.length - index} more]`);
        break;
      }
      copy.push(this.item(list[index], depth));
    }
    return copy;
  }

  /** Something must stand in its place. */
  private item(value: unknown, depth: number): unknown {
    const copy = this.of(value, depth);
    return copy === NOTHING ? `[left out: ${wordsFor(value)}]` : copy;
  }

  private part(key: string, value: unknown, depth: number): Readonly<Record<string, unknown>> {
    const copy = value === undefined ? NOTHING : this.of(value, depth);
    return copy === NOTHING ? {} : { [key]: copy };
  }

  private whole(value: unknown, cost: number): unknown {
    if (cost > this.left) return NOTHING;
    this.left -= cost;
    try {
      return isolate(value);
    } catch {
      return NOTHING;
    }
  }

  private text(text: string): string {
    const whole = cut(text, Math.max(0, this.left));
    this.left -= whole.length;
    return whole;
  }
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}... (${text.length - limit} more letters were left out)`;
}

/** In a few words. Nothing that the value does when it is read makes this fail. */
function wordsFor(value: unknown): string {
  return typeof value === 'function' ? 'a function' : cut(textOf(value), MAX_MESSAGE);
}
