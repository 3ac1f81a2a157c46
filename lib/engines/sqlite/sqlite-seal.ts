import { MoonpoolError } from '../../errors/moonpool-error';
import { crc32c } from '../../wire/crc32c';

/** What is sealed of a row. */
export type SealedValue = string | number | null | Uint8Array;

/** How many letters, of three bytes at most, are made into bytes in a place that is there already. */
const SHORT = 1_024;
const scratch = Buffer.alloc(SHORT * 3);

/** A checksum of what a row holds: a digit that has changed on the disk is no more what it was, and SQLite itself does not notice. It lies in the row. */
export function sealOf(...values: readonly SealedValue[]): number {
  let text = '';
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += '\0';
    text += sealedMark(values[index] as SealedValue);
  }
  // Most rows are short, and a buffer for each would be thrown away at once.
  if (text.length > SHORT) return crc32c(Buffer.from(text));
  return crc32c(scratch, 0, scratch.write(text));
}

/** What stands for a value in what is sealed. Bytes count by a checksum of their own, so that they need not be text, nor be there when the seal is made again. */
export function sealedMark(value: SealedValue): string {
  if (value === null) return 'null';
  return value instanceof Uint8Array ? `${value.length}:${crc32c(value)}` : `${value}`;
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
