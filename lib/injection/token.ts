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

  constructor(readonly name: string) {
    this.symbol = Symbol(name);
  }
}

/** Makes the token of a contract. */
export function token<T>(name: string): Token<T> {
  return new Token<T>(name);
}

/** A class that a container can construct. */
export type Constructor<T> = new (...args: never[]) => T;

/** What a container can be asked for: a token, or a class that stands for itself. */
export type ServiceIdentifier<T> = Token<T> | Constructor<T>;

/** The name of a service identifier, for messages. */
export function identifierName(identifier: ServiceIdentifier<unknown>): string {
  return identifier.name;
}
