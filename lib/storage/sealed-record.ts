import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { crc32c } from '../wire/crc32c';

/** Where the checksum stands: behind the format, in front of all that it covers. */
const CHECKSUM_AT = 1;
const COVERED_FROM = CHECKSUM_AT + 4;

const NO_FORMATS: readonly number[] = [];

/** A kind of record that a store keeps. */
export interface RecordKind {
  /** What it is, for messages: `stored state`. */
  readonly what: string;
  /** The format that is written, in one byte; 0 is none. */
  readonly format: number;
  /** Other formats that have these. */
  readonly sealed?: readonly number[];
  /** Formats of earlier versions that have neither a checksum nor an owner. */
  readonly unsealed?: readonly number[];
}

/**
 * A record that names whose it is and has a checksum, whatever store it lies in: a store may keep bytes badly, or under another key.
 *
 *     format u8 | crc32c of all that follows u32 | owner u16, text | what the kind of record holds
 */
export function seal({ format }: Pick<RecordKind, 'format'>, owner: string, write: (into: ByteWriter) => void): Buffer {
  const writer = new ByteWriter(256);
  writer.uint8(format);
  writer.uint32(0);
  writer.longText(owner);
  write(writer);
  const record = writer.take();
  record.writeUInt32LE(crc32c(record, COVERED_FROM), CHECKSUM_AT);
  return record;
}

/**
 * Reads what a record holds, to its end.
 * @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then.
 */
export function unseal<T>(
  kind: RecordKind,
  owner: string,
  record: Uint8Array,
  read: (from: ByteReader, format: number) => T,
): T {
  try {
    const reader = new ByteReader(record);
    const format = reader.uint8();
    if (format === kind.format || (kind.sealed ?? NO_FORMATS).includes(format)) checkSeal(kind, owner, record, reader);
    else if (!(kind.unsealed ?? NO_FORMATS).includes(format)) throw unknownFormat(kind, owner, format);
    const content = read(reader, format);
    if (reader.remaining > 0) throw new Error(`it has ${reader.remaining} bytes behind its end`);
    return content;
  } catch (cause) {
    if (isMoonpoolError(cause) && cause.code !== 'MALFORMED_PAYLOAD') throw cause;
    throw new MoonpoolError('STORAGE_CORRUPT', {
      message: `The ${kind.what} of ${owner} cannot be read: ${reasonOf(cause)}`,
      cause,
    });
  }
}

function checkSeal({ what }: RecordKind, owner: string, record: Uint8Array, reader: ByteReader): void {
  const told = reader.uint32();
  const found = crc32c(record, COVERED_FROM);
  if (found !== told) throw new Error(`its checksum is ${found.toString(16)} and should be ${told.toString(16)}`);
  const named = reader.longText();
  if (named === owner) return;
  throw new MoonpoolError('STATE_MISPLACED', { message: `The ${what} of ${owner} is that of ${named}` });
}

function unknownFormat(
  { what, format: newest, sealed = NO_FORMATS, unsealed = NO_FORMATS }: RecordKind,
  owner: string,
  found: number,
): MoonpoolError {
  // A format of 0 was never written by any version.
  if (found === 0) throw new Error('it has no format');
  const known = [...unsealed, ...sealed, newest].join(' and ');
  return new MoonpoolError('STORAGE_TOO_NEW', {
    message: `The ${what} of ${owner} has the format ${found}; this version of Moonpool knows ${known}`,
  });
}
