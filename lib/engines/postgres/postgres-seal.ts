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

/** Odd, so that numbers that differ stay different, and below 2^31, so that products with 32 bits stay within a bigint. */
const FACTORS = [2_147_483_629, 2_147_483_587, 2_147_483_579, 2_147_483_563, 2_147_483_549];

/**
 * A checksum of the row of a state, as a term of SQL: only the server knows what is in the row when it changes it. Of the functions that give the
 * same in every version and on every machine, SHA-256 is there since PostgreSQL 11; 8 bytes of it are kept. Numbers are mixed by products, for to write them as text
 * takes longer than all else.
 */
export function stateSeal(columns: SealedColumns): string {
  const { actor, epoch, version, writeId, lastEvent, answers, upTo } = columns;
  const mixed = [epoch, version, lastEvent, answers, `coalesce(${upTo}, -1)`].map(
    (term, index) => `((((${term})::bigint) & 4294967295) * ${FACTORS[index]})`,
  );
  return `substring(sha256(int8send(${mixed.join(' # ')}) || convert_to(${writeId} || '/' || ${actor}, 'UTF8')) from 1 for 8)`;
}

/**
 * The checksum that the row of a state should have.
 * @param row the name of the table in the statement. @param actor another term for the actor, of a list that the table is joined with: then the
 * checksum is computed for rows of that list, and not for all while they are looked for.
 */
export function presentStateSeal(row: string, actor = `${row}.actor`): string {
  return stateSeal({
    actor,
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
