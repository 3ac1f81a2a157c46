import { MoonpoolError } from '../../errors/moonpool-error';
import { outsideText } from '../../errors/outside-text';
import type { PostgresRow } from './postgres-driver';

/** The number of the type `bytea`. */
const BYTEA = 17;
/** Dimensions, whether there are nulls, the type of the elements, their number, the number of the first. */
const HEADER_BYTES = 20;

/** A column of whole numbers. PostgreSQL has larger ones than a number can say exactly. @throws MoonpoolError STORAGE_CORRUPT */
export function numberIn(row: PostgresRow, column: string): number {
  const text = row[column];
  const number = Number(text);
  if (typeof text === 'string' && Number.isSafeInteger(number)) return number;
  throw new MoonpoolError('STORAGE_CORRUPT', {
    message: `The column ${column} of PostgreSQL holds ${outsideText(String(text))}, which is no whole number below 2^53`,
    remedy: 'Restore the row from a copy. It was left as it is.',
  });
}

/** A column of whole numbers, or of nothing. @throws MoonpoolError STORAGE_CORRUPT */
export function numberOrNone(row: PostgresRow, column: string): number | undefined {
  return row[column] === null ? undefined : numberIn(row, column);
}

export function textIn(row: PostgresRow, column: string): string {
  return String(row[column]);
}

export function bytesIn(row: PostgresRow, column: string): Uint8Array {
  return row[column] as Uint8Array;
}

export function isTrue(row: PostgresRow, column: string): boolean {
  return row[column] === 't';
}

/**
 * The bytes as PostgreSQL sends an array of them itself: `pg` would write every byte as two letters of a text.
 * See `array_recv` of its source.
 */
export function byteArray(values: readonly (Uint8Array | null)[]): Buffer {
  if (values.length === 0) return Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BYTEA]);
  let size = HEADER_BYTES + 4 * values.length;
  let nulls = 0;
  for (const value of values)
    if (value === null) nulls = 1;
    else size += value.length;
  const array = Buffer.allocUnsafe(size);
  let at = 0;
  for (const word of [1, nulls, BYTEA, values.length, 1]) at = array.writeInt32BE(word, at);
  for (const value of values) {
    at = array.writeInt32BE(value?.length ?? -1, at);
    if (value === null) continue;
    array.set(value, at);
    at += value.length;
  }
  return array;
}
