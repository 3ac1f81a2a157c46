import { leavePromisesIn } from '../concurrency/handed-promises';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ByteWriter } from './byte-writer';
import { kindOf, type ObjectKind } from './carried-object';
import { recordOfError } from './error-record';
import type { Serializer } from './serializer';
import { toTagged } from './tagged-value';
import { isolate } from './value-isolation';
import { isUncarried, MAX_DEPTH, TOO_DEEP, unserializable, type UncarriedError } from './value-limits';

/** A plain name needs no quotes in a path. */
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Keys longer than this are cut in a path. */
const MAX_KEY_LETTERS = 60;

const FLATTER =
  'Send a tree that is less deep: name what comes again by an id instead of holding it, and put long chains into a list.';

/** How deep a circle is looked for. */
const MAX_CIRCLE = 1_000;

/** What carries a value, and throws where it cannot: {@link isolated} and `toTagged` are two. */
export type Carrier = (value: unknown) => unknown;

/** Carries a value to another actor of this process. */
export function isolated(value: unknown): unknown {
  return isolate(value);
}

/**
 * The error for a value that could not be carried, which says whose it is and where in it the trouble lies: "Argument 1 of the
 * call echo of e/A/a holds a function at list[0]". Looks through the value again, so that carrying one costs nothing more.
 * @param whose the value, as the beginning of a sentence.
 * @param thrown what the carrier has thrown, or the value when it was read; other errors of ours are given back as they are.
 */
export function uncarried(whose: string, value: unknown, thrown: unknown, carrier: Carrier): unknown {
  leavePromisesIn(value);
  const error = isUncarried(thrown) ? thrown : errorOf(value, carrier);
  if (error === undefined || (isMoonpoolError(thrown) && error !== thrown)) return unwritten(whose, thrown);
  const { remedy } = error;
  if (error.found === TOO_DEEP) {
    const circle = circleIn(value);
    const what =
      circle === undefined ? `holds objects nested deeper than ${MAX_DEPTH}` : `refers to itself at ${circle}`;
    return new MoonpoolError('UNSERIALIZABLE_VALUE', { message: `${whose} ${what}`, remedy: FLATTER });
  }
  const { path, found } = placeIn(value, error, carrier);
  const message = path === '' ? `${whose} is ${found}` : `${whose} holds ${found} at ${path}`;
  return new MoonpoolError('UNSERIALIZABLE_VALUE', { message, remedy });
}

/**
 * Writes what a program has given, and says of it whose it is and where in it the trouble lies when it cannot be written.
 * @param whose the value, as the beginning of a sentence. @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function writeNamed(whose: string, value: unknown, serializer: Serializer, into: ByteWriter): void {
  try {
    serializer.write(value, into);
  } catch (error) {
    throw uncarried(whose, value, error, toTagged);
  }
}

/** As {@link uncarried}, for the arguments of a call. */
export function uncarriedArguments(call: string, args: readonly unknown[], thrown: unknown, carrier: Carrier): unknown {
  leavePromisesIn(args);
  for (const [index, arg] of args.entries()) {
    const refusal = errorOf(arg, carrier);
    if (refusal !== undefined) return uncarried(`Argument ${index + 1} of ${call}`, arg, refusal, carrier);
  }
  if (!isUncarried(thrown)) return unwritten(`${call.charAt(0).toUpperCase()}${call.slice(1)}`, thrown);
  const holder = errorOf(args, carrier) === undefined ? 'The request context' : 'The list of arguments';
  return new MoonpoolError('UNSERIALIZABLE_VALUE', {
    message: `${holder} of ${call} holds ${thrown.found}`,
    remedy: thrown.remedy,
  });
}

/** A serializer may be anybody's, and as it is what it throws would pass for an error of the handler, which was not called. */
function unwritten(whose: string, thrown: unknown): unknown {
  // What stands around it says so with the cause behind that; whatever else has a code is about the size, the route or the caller.
  const isOurs = isMoonpoolError(thrown);
  if (isOurs && (thrown.code !== 'UNSERIALIZABLE_VALUE' || thrown.cause === undefined)) return thrown;
  return new MoonpoolError('UNSERIALIZABLE_VALUE', {
    message: `${whose} could not be written: ${reasonOf(thrown)}`,
    remedy: 'Look at the cause: the value is one that can be sent, and the serializer has failed with it.',
    cause: isOurs ? thrown.cause : thrown,
  });
}

/** The innermost part that cannot be carried by itself. */
function placeIn(
  value: unknown,
  error: UncarriedError,
  carrier: Carrier,
): { readonly path: string; readonly found: string } {
  let place = { part: value, path: '', found: error.found };
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const inner = firstOf(place.part, carrier);
    if (inner === undefined) break;
    place = { ...inner, path: `${place.path}${inner.path}` };
  }
  return { path: place.path.replace(/^\./, ''), found: place.found };
}

/** The first part that cannot be carried, and what it holds. */
function firstOf(
  value: unknown,
  carrier: Carrier,
): { readonly part: unknown; readonly path: string; readonly found: string } | undefined {
  for (const [part, path] of partsOf(value)) {
    const error = errorOf(part, carrier);
    if (error !== undefined) return { part, path, found: error.found };
  }
  return undefined;
}

function errorOf(value: unknown, carrier: Carrier): UncarriedError | undefined {
  try {
    carrier(value);
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

/** What the value itself threw when it was read, by a getter or a trap, is a reason not to carry it. */
function refusalOf(error: unknown): UncarriedError | undefined {
  if (isUncarried(error)) return error;
  return isMoonpoolError(error) ? undefined : unserializable(`something that cannot be read (${reasonOf(error)})`);
}

/** Where a value comes upon itself; undefined when it does not. */
function circleIn(root: unknown): string | undefined {
  const above = new Set<unknown>();
  const seen = new Set<unknown>();
  const look = (value: unknown, path: string): string | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (above.has(value)) return path;
    if (seen.has(value) || above.size > MAX_CIRCLE) return undefined;
    seen.add(value);
    above.add(value);
    for (const [part, step] of partsOf(value)) {
      const found = look(part, `${path}${step}`);
      if (found !== undefined) return found;
    }
    above.delete(value);
    return undefined;
  };
  return look(root, '')?.replace(/^\./, '');
}

/** What a value is made of, and how one gets there: as far as it lets itself be looked through. */
function* partsOf(value: unknown): Iterable<readonly [part: unknown, step: string]> {
  try {
    yield* shownPartsOf(value);
  } catch {
    // A trap of a proxy, for one, may throw whenever it is asked.
  }
}

function* shownPartsOf(value: unknown): Iterable<readonly [part: unknown, step: string]> {
  switch (typeof value === 'object' && value !== null ? carriedKindOf(value) : undefined) {
    case 'array':
      for (const [index, item] of (value as readonly unknown[]).entries()) yield [item, `[${index}]`];
      return;
    case 'map': {
      let index = 0;
      for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
        yield [key, `.keys()[${index++}]`];
        yield [item, `.get(${typeof key === 'string' ? quoted(key) : `key ${index - 1}`})`];
      }
      return;
    }
    case 'set': {
      let index = 0;
      for (const item of value as ReadonlySet<unknown>) yield [item, `.values()[${index++}]`];
      return;
    }
    case 'error': {
      const { cause, errors, error, suppressed, fields = {} } = recordOfError(value as Error);
      yield [cause, '.cause'];
      yield [errors, '.errors'];
      yield [error, '.error'];
      yield [suppressed, '.suppressed'];
      for (const [key, field] of Object.entries(fields)) yield [field, stepTo(key)];
      return;
    }
    case 'record':
      for (const key of Object.keys(value as object)) yield [fieldOf(value as object, key), stepTo(key)];
  }
}

/** Undefined for what has no parts that could be named, since it is refused as a whole. */
function carriedKindOf(value: object): ObjectKind | undefined {
  try {
    return kindOf(value);
  } catch {
    return undefined;
  }
}

function stepTo(key: string): string {
  return NAME.test(key) ? `.${key}` : `[${quoted(key)}]`;
}

/** A getter may throw; what it hides is nothing that could be named. */
function fieldOf(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function quoted(key: string): string {
  return JSON.stringify(key.length > MAX_KEY_LETTERS ? `${key.slice(0, MAX_KEY_LETTERS)}...` : key);
}
