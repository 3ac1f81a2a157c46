import { crc32c } from '../../wire/crc32c';

/**
 * A checksum of what a row holds besides the record of an actor, which has its own: a digit that has changed on the disk is no more what it
 * was, and SQLite itself does not notice. It lies in the row.
 */
export function sealOf(...values: readonly (string | number)[]): number {
  return crc32c(Buffer.from(values.join('\0')));
}

/** Rows of version 0.1 have no seal, and are believed. */
export function isSealed(seal: unknown, ...values: readonly (string | number)[]): boolean {
  return seal === null || Number(seal) === sealOf(...values);
}
