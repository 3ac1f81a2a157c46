import { describeValue } from '../errors/describe-value';

/**
 * The name under which a container keeps the implementation of a contract. A token shares the name of its contract and
 * stands in the same file, so that one import gives both:
 *
 * ```ts
 * export interface Clock { now(): number }
 * export const Clock = token<Clock>('Clock');
 * ```
 */
export class Token<T> {
  /** The key under which tsyringe keeps the binding. */
  readonly symbol: symbol;
  /** Never set: it ties the token to its contract for the compiler. */
  declare protected readonly contract: T;

  private readonly around: ((bound: unknown) => unknown) | undefined;

  /** @param guard see {@link token}. */
  constructor(
    readonly name: string,
    guard?: (bound: T) => T,
  ) {
    this.symbol = Symbol(name);
    this.around = guard as ((bound: unknown) => unknown) | undefined;
  }

  /** What those get who ask for what was bound. */
  guarded(bound: unknown): unknown {
    return this.around === undefined ? bound : this.around(bound);
  }
}

/**
 * Makes the token of a contract.
 * @param guard stands around whatever is bound to it: for contracts that may be implemented by somebody who does not keep to them.
 */
export function token<T>(name: string, guard?: (bound: T) => T): Token<T> {
  return new Token<T>(name, guard);
}

/** A class that a container can construct. */
export type Constructor<T> = new (...args: never[]) => T;

/** True for what can be constructed, as far as that can be seen: arrow functions and methods cannot. */
export function isClass(value: unknown): value is Constructor<object> {
  if (typeof value !== 'function') return false;
  try {
    const prototype: unknown = value.prototype;
    return typeof prototype === 'object' && prototype !== null;
  } catch {
    // A revoked proxy, for one, which constructs nothing.
    return false;
  }
}

/** What a container can be asked for: a token, or a class that stands for itself. */
export type ServiceIdentifier<T> = Token<T> | Constructor<T>;

/** The name of a service identifier, for messages; of what is none, what it is. */
export function identifierName(identifier: ServiceIdentifier<unknown>): string {
  return identifier instanceof Token || isClass(identifier) ? identifier.name : describeValue(identifier);
}
