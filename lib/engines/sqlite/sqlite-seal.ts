import { MoonpoolError } from '../../errors/moonpool-error';
import { crc32c } from '../../wire/crc32c';

/** What is sealed of a row. */
export type SealedValue = string | number | null | Uint8Array;

/** A checksum of what a row holds: a digit that has changed on the disk is no more what it was, and SQLite itself does not notice. It lies in the row. */
export function sealOf(...values: readonly SealedValue[]): number {
  return crc32c(Buffer.from(values.map(textOf).join('\0')));
}

/** Rows of version 0.1 have no seal, and are believed. */
export function isSealed(seal: unknown, ...values: readonly SealedValue[]): boolean {
  return seal === null || Number(seal) === sealOf(...values);
}

/** @param what the row is, and of whom: `state of bank/Account/alice`. */
export function spoiled(what: string): MoonpoolError {
  const message = `The row of the ${what} does not have its checksum: it was changed by something else than Moonpool`;
  return new MoonpoolError('STORAGE_CORRUPT', {
    message,
    remedy:
      'Restore the row from a copy of the file; look at the disk. The row was left as it is, and other actors are not concerned.',
  });
}

/** @param what the rows are of which one is not there. */
export function missing(what: string): MoonpoolError {
  return new MoonpoolError('STORAGE_CORRUPT', {
    message: `The row of the ${what} is not there: it was removed by something else than Moonpool`,
    remedy:
      'Restore the row from a copy of the file; look at the disk. The others were left as they are, and other actors are not concerned.',
  });
}

/** Bytes count by a checksum of their own, so that they need not be text. */
function textOf(value: SealedValue): string {
  if (value === null) return 'null';
  return value instanceof Uint8Array ? `${value.length}:${crc32c(value)}` : `${value}`;
}
