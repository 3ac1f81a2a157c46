import { MoonpoolError } from '../errors/moonpool-error';

/** How large a single value may be in its parts. */
export const MAX_DEPTH = 32;
export const MAX_KEYS = 1_000;
export const MAX_ITEMS = 100_000;

/** Keys by which received data could reach the prototypes of other objects. */
const DANGEROUS_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Refuses a key that must never be assigned. @throws MoonpoolError MALFORMED_PAYLOAD */
export function refuseDangerousKey(key: string): void {
  if (DANGEROUS_KEYS.has(key)) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The received value has the forbidden key ${key}` });
  }
}

/** Refuses to send what no receiver would accept. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function unserializable(found: string): MoonpoolError {
  return new MoonpoolError('UNSERIALIZABLE_VALUE', { message: `The value holds ${found}` });
}

/** @throws MoonpoolError MALFORMED_PAYLOAD when the received value is deeper or wider than allowed. */
export function checkReceived(what: string, found: number, limit: number): void {
  if (found > limit) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The received value has ${found} ${what}; the limit is ${limit}` });
  }
}
