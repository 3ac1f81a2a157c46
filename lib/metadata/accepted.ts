import type { Constructor } from '../injection/token';

/** Says of a parameter, or of all, that nothing is to be checked: `@Handler({ accepts: unchecked })`. */
export const unchecked: unique symbol = Symbol('moonpool:unchecked');

/** A kind of value that was put together by {@link listOf} and its like. */
export class AcceptedKind {
  constructor(
    readonly of: 'list' | 'set' | 'map' | 'one of' | 'nullable' | 'required',
    /** What it is put together of; of `oneOf`, the values themselves. */
    readonly parts: readonly unknown[],
  ) {}
}

/** A class, or what the compiler writes for a primitive type. */
export type AcceptedClass =
  | Constructor<object>
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | BigIntConstructor;

/**
 * What a parameter accepts: a payload class; `String`, `Number`, `Boolean` or `BigInt`; a class that is carried as it is, such as
 * `Date`; an actor class, for references to its actors; an enum; one of these as `[Class]`, which means a list of such; {@link unchecked};
 * or what {@link listOf}, {@link setOf}, {@link mapOf}, {@link oneOf}, {@link nullable} and {@link required} make.
 */
export type Accepted =
  | AcceptedClass
  | AcceptedKind
  | typeof unchecked
  | readonly [Accepted]
  | Readonly<Record<string, string | number>>;

/** What `accepts` may be: for all parameters, or parameter by parameter, where undefined leaves one to the compiler. */
export type AcceptedParameters = Accepted | readonly (Accepted | undefined)[];

/** A list, each item of which is checked. */
export function listOf(item: Accepted): AcceptedKind {
  return new AcceptedKind('list', [item]);
}

/** A Set, each item of which is checked. */
export function setOf(item: Accepted): AcceptedKind {
  return new AcceptedKind('set', [item]);
}

/** A Map, each key and each value of which is checked. */
export function mapOf(key: Accepted, value: Accepted): AcceptedKind {
  return new AcceptedKind('map', [key, value]);
}

/** One of these values and no other: for unions of literals, and for enums that are types alone. */
export function oneOf(...values: readonly (string | number | boolean | bigint | null)[]): AcceptedKind {
  return new AcceptedKind('one of', values);
}

/** Null too. */
export function nullable(inner: Accepted): AcceptedKind {
  return new AcceptedKind('nullable', [inner]);
}

/** Not undefined: the compiler does not say which parameters are optional, so without this all may be left out. */
export function required(inner: Accepted): AcceptedKind {
  return new AcceptedKind('required', [inner]);
}

/** For messages: what follows "must be". */
export const ACCEPTED_WORDS = 'a class, an enum, [Class], unchecked, or what listOf, oneOf and their like make';

/** Whether the value says what a parameter accepts. */
export function isAccepted(value: unknown): value is Accepted {
  if (value === unchecked || typeof value === 'function') return true;
  if (value instanceof AcceptedKind) return value.of === 'one of' || value.parts.every(isAccepted);
  if (Array.isArray(value)) return value.length === 1 && isAccepted(value[0]);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === 'string' || typeof member === 'number')
  );
}

/** Whether the value says that of one parameter, of all, or of one after the other. */
export function isAcceptedParameters(value: unknown): value is AcceptedParameters {
  return Array.isArray(value) ? value.every((one) => one === undefined || isAccepted(one)) : isAccepted(value);
}
