import { MoonpoolError } from '../../errors/moonpool-error';
import { crc32c } from '../../wire/crc32c';

/** What the row of an actor's state holds besides its records, which have checksums of their own: as terms of SQL. */
export interface SealedColumns {
  readonly actor: string;
  readonly epoch: string;
  readonly version: string;
  readonly writeId: string;
  readonly lastEvent: string;
  readonly answers: string;
  readonly upTo: string;
}

/**
 * A checksum of the row of a state, as a term of SQL: only the server knows what is in the row when it changes it. Of the functions that give the
 * same in every version and on every machine, SHA-256 is there since PostgreSQL 11; 8 bytes of it are kept.
 */
export function stateSeal(columns: SealedColumns): string {
  const { actor, epoch, version, writeId, lastEvent, answers, upTo } = columns;
  const numbers = [epoch, version, lastEvent, answers, `coalesce(${upTo}, -1)`].map((term) => `(${term})::text`);
  return `substring(sha256(convert_to(concat_ws('/', ${[...numbers, writeId, actor].join(', ')}), 'UTF8')) from 1 for 8)`;
}

/** The checksum that the row of a state should have. @param row the name of the table in the statement. */
export function presentStateSeal(row: string): string {
  return stateSeal({
    actor: `${row}.actor`,
    epoch: `${row}.epoch`,
    version: `${row}.version`,
    writeId: `${row}.write_id`,
    lastEvent: `${row}.last_event`,
    answers: `${row}.answers`,
    upTo: `${row}.snapshot_up_to`,
  });
}

/** A checksum of a row that is written once, the records in it included. */
export function rowSeal(data: Uint8Array, ...values: readonly (string | number)[]): number {
  return (crc32c(data) ^ crc32c(Buffer.from(values.join('\0')))) >>> 0;
}

/** A row does not have its checksum. @param what the row is: `state of bank/Account/1`. */
export function spoiledRow(what: string): MoonpoolError {
  return new MoonpoolError('STORAGE_CORRUPT', {
    message: `The row of the ${what} does not have its checksum: it was changed by something else than Moonpool`,
    remedy: 'Restore the row from a copy. It was left as it is, and others are not concerned.',
  });
}
