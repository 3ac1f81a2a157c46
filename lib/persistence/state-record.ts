import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { crc32c } from '../wire/crc32c';

/** The formats of a record; its first byte. That of version 0.1 had neither a checksum nor its owner. */
const Format = { plain: 1, checked: 2 } as const;

/** Where the checksum stands: behind the format, in front of all that it covers. */
const CHECKSUM_AT = 1;
const COVERED_FROM = CHECKSUM_AT + 4;

/**
 * All states of one actor in one record, so that they share one epoch and one version and are written together. It names its owner and has
 * a checksum, whatever store it lies in: a store may keep bytes badly, or under another key.
 *
 *     format u8 | crc32c of all that follows u32 | owner u16, text | states u8 | each: name u8, text | bytes u32 | bytes
 */
export function encodeStateRecord(actor: string, states: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const writer = new ByteWriter(256);
  writer.uint8(Format.checked);
  writer.uint32(0);
  writer.longText(actor);
  writer.uint8(states.size);
  for (const [name, bytes] of states) {
    writer.shortText(name);
    writer.uint32(bytes.length);
    writer.bytes(bytes);
  }
  const record = writer.take();
  record.writeUInt32LE(crc32c(record, COVERED_FROM), CHECKSUM_AT);
  return record;
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then. */
export function decodeStateRecord(actor: string, record: Uint8Array): Map<string, Uint8Array> {
  try {
    const reader = new ByteReader(record);
    const format = reader.uint8();
    if (format === Format.checked) checkRecord(actor, record, reader);
    else if (format !== Format.plain) throw unknownFormat(actor, format);
    const states = readStates(reader);
    if (reader.remaining > 0) throw new Error(`it has ${reader.remaining} bytes behind its end`);
    return states;
  } catch (cause) {
    if (isMoonpoolError(cause) && cause.code !== 'MALFORMED_PAYLOAD') throw cause;
    throw new MoonpoolError('STORAGE_CORRUPT', {
      message: `The stored state of ${actor} cannot be read: ${reasonOf(cause)}`,
      cause,
    });
  }
}

function checkRecord(actor: string, record: Uint8Array, reader: ByteReader): void {
  const told = reader.uint32();
  const found = crc32c(record, COVERED_FROM);
  if (found !== told) throw new Error(`its checksum is ${found.toString(16)} and should be ${told.toString(16)}`);
  const owner = reader.longText();
  if (owner === actor) return;
  throw new MoonpoolError('STATE_MISPLACED', { message: `What is stored for ${actor} is the state of ${owner}` });
}

function readStates(reader: ByteReader): Map<string, Uint8Array> {
  const states = new Map<string, Uint8Array>();
  for (let count = reader.uint8(); count > 0; count--) {
    const name = reader.shortText();
    if (states.has(name)) throw new Error(`it has the state '${name}' twice`);
    states.set(name, reader.bytes(reader.uint32()));
  }
  return states;
}

function unknownFormat(actor: string, format: number): MoonpoolError {
  // A format of 0 was never written by any version.
  if (format === 0) throw new Error('it has no format');
  return new MoonpoolError('STORAGE_TOO_NEW', {
    message: `The stored state of ${actor} has the format ${format}; this version of Moonpool knows ${Format.plain} and ${Format.checked}`,
  });
}
