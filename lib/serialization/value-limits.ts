import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';

/** How large a single value may be in its parts. */
export const MAX_DEPTH = 32;
export const MAX_KEYS = 1_000;
export const MAX_ITEMS = 100_000;
/** Of a bigint. */
export const MAX_DIGITS = 4_096;

const LARGEST_BIGINT = 10n ** BigInt(MAX_DIGITS) - 1n;

/** Keys by which received data could reach the prototypes of other objects. */
const DANGEROUS_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether received data could reach a prototype by the key. */
export function isDangerousKey(key: string): boolean {
  return DANGEROUS_KEYS.has(key);
}

/** Refuses a key that must never be assigned. @throws MoonpoolError MALFORMED_PAYLOAD */
export function refuseDangerousKey(key: string): void {
  if (isDangerousKey(key)) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The received value has the forbidden key ${key}` });
  }
}

/** What was found of a value that refers to itself, and of one that only seems to. */
export const TOO_DEEP = `objects nested deeper than ${MAX_DEPTH}, or itself`;

/** A value holds what no receiver would accept. Whoever knows whose value it is says so by `uncarried`. */
export class UncarriedError extends MoonpoolError {
  /** @param found what it holds, as a noun. */
  constructor(readonly found: string) {
    super('UNSERIALIZABLE_VALUE', { message: `The value holds ${found}` });
  }
}

/** True for an {@link UncarriedError}. Never throws, whatever was thrown. */
export function isUncarried(error: unknown): error is UncarriedError {
  return isMoonpoolError(error) && error instanceof UncarriedError;
}

/** Refuses to send what no receiver would accept. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function unserializable(found: string): UncarriedError {
  return new UncarriedError(found);
}

/**
 * Refuses to send or store an object that no receiver would accept. What is written and cannot be read is worse than an
 * error: a stored state would be lost by it. @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function checkKeys(keys: readonly string[]): void {
  if (keys.length > MAX_KEYS)
    throw unserializable(`an object of ${keys.length} keys; the limit is ${MAX_KEYS}, and ${MAX_ITEMS} for a Map`);
  for (const key of keys) {
    // The lengths of the three of them: most keys are let through by that alone.
    if ((key.length === 9 || key.length === 11) && DANGEROUS_KEYS.has(key))
      throw unserializable(`an object with the key ${key}, which only a Map may have`);
  }
}

/** Refuses to send or store a bigint that no receiver would accept. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function checkBigint(value: bigint): void {
  if (value > LARGEST_BIGINT || value < -LARGEST_BIGINT)
    throw unserializable(`a bigint of ${value.toString().replace('-', '').length} digits; the limit is ${MAX_DIGITS}`);
}

/** Refuses what is no object and does not travel. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function refuseUncarried(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw unserializable(`a ${typeof value}`);
  if (typeof value === 'bigint') checkBigint(value);
}

/** Refuses to send or store a list that no receiver would accept. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function checkSize(what: string, size: number): void {
  if (size > MAX_ITEMS) throw unserializable(`${what} of ${size} items; the limit is ${MAX_ITEMS}`);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD when the received value is deeper or wider than allowed. */
export function checkReceived(what: string, found: number, limit: number): void {
  if (found > limit) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `The received value has ${found} ${what}; the limit is ${limit}`,
    });
  }
}
