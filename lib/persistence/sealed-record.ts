import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { crc32c } from '../wire/crc32c';

/** Where the checksum stands: behind the format, in front of all that it covers. */
const CHECKSUM_AT = 1;
const COVERED_FROM = CHECKSUM_AT + 4;

/** What a record is, for messages: "The stored state of shop/Cart/1". */
export interface RecordIdentity {
  /** Of whom it is, which stands in it: a store may keep bytes badly, or under another key. */
  readonly owner: string;
  /** As the beginning of a sentence. */
  readonly described: string;
}

/**
 * The bytes of a record that knows whose it is and whether it is whole:
 *
 *     format u8 | crc32c of all that follows u32 | owner u16, text | body
 */
export function sealRecord(format: number, owner: string, writeBody: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter(256);
  writer.uint8(format);
  writer.uint32(0);
  writer.longText(owner);
  writeBody(writer);
  const record = writer.take();
  record.writeUInt32LE(crc32c(record, COVERED_FROM), CHECKSUM_AT);
  return record;
}

/**
 * Reads a record that {@link sealRecord} has made, to its end.
 * @param formats those that are known: they say how the body is read. One that is not is of a newer version.
 * @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, and what reading the body throws that has a code of its own.
 */
export function openRecord<T>(
  identity: RecordIdentity,
  record: Uint8Array,
  formats: ReadonlyMap<number, (reader: ByteReader) => T>,
): T {
  try {
    const reader = new ByteReader(record);
    const format = reader.uint8();
    // A format of 0 was never written by any version.
    if (format === 0) throw new Error('it has no format');
    const readBody = formats.get(format);
    if (readBody === undefined) throw tooNew(identity, format, [...formats.keys()]);
    checkSeal(identity, record, reader);
    const body = readBody(reader);
    if (reader.remaining > 0) throw new Error(`it has ${reader.remaining} bytes behind its end`);
    return body;
  } catch (cause) {
    throw unreadable(identity, cause);
  }
}

/** What is told of a record that could not be read. */
export function unreadable({ described }: RecordIdentity, cause: unknown): MoonpoolError {
  if (isMoonpoolError(cause) && cause.code !== 'MALFORMED_PAYLOAD') return cause;
  return new MoonpoolError('STORAGE_CORRUPT', { message: `${described} cannot be read: ${reasonOf(cause)}`, cause });
}

/** What is told of a record of a newer version. */
export function tooNew({ described }: RecordIdentity, format: number, known: readonly number[]): MoonpoolError {
  return new MoonpoolError('STORAGE_TOO_NEW', {
    message: `${described} has the format ${format}; this version of Moonpool knows ${known.join(' and ')}`,
  });
}

function checkSeal({ owner, described }: RecordIdentity, record: Uint8Array, reader: ByteReader): void {
  const told = reader.uint32();
  const found = crc32c(record, COVERED_FROM);
  if (found !== told) throw new Error(`its checksum is ${found.toString(16)} and should be ${told.toString(16)}`);
  const named = reader.longText();
  if (named === owner) return;
  throw new MoonpoolError('STATE_MISPLACED', { message: `${described} is that of ${named}` });
}
