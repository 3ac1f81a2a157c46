import { MoonpoolError } from '../errors/moonpool-error';
import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';

/**
 * Optional parts of a header, by number: `[length of all u16]`, then for each `[tag u16][length u16][bytes]`. A reader passes over what it
 * does not know, so that a later release can say more; only a tag of 32,768 or above is critical: whoever does not know it must not act
 * as if it were not there. After the critical extensions of X.509 certificates (RFC 5280).
 */
export const FIRST_CRITICAL_TAG = 0x8000;

/** How long a section, or a field of it, may be. */
const MAX_FIELD_BYTES = 0xffff;

/** Begins a section. Returns where, for {@link endFields}. */
export function beginFields(into: ByteWriter): number {
  return into.skip(2);
}

/** Begins a field of the section. Returns where, for {@link endField}. */
export function beginField(tag: number, into: ByteWriter): number {
  into.uint16(tag);
  return into.skip(2);
}

/** @throws MoonpoolError HEADER_TOO_LARGE */
export function endField(start: number, into: ByteWriter): void {
  endLength(start, into);
}

/** @throws MoonpoolError HEADER_TOO_LARGE */
export function endFields(start: number, into: ByteWriter): void {
  endLength(start, into);
}

/** A field that says all by being there. */
export function writeMark(tag: number, into: ByteWriter): void {
  into.uint16(tag);
  into.uint16(0);
}

/** A section without fields, which is what most headers have. */
export function writeNoFields(into: ByteWriter): void {
  into.uint16(0);
}

/**
 * Reads the fields of a section, behind its length.
 * @param take reads the field with that tag, up to the end that it is told, and returns true; false for a tag that it does not know.
 * @param what bears the header, for messages.
 * @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_HEADER_FIELD, and what `take` throws
 */
export function readFields(
  reader: ByteReader,
  length: number,
  take: (tag: number, end: number) => boolean,
  what: string,
): void {
  const sectionEnd = reader.position + length;
  while (reader.position < sectionEnd) {
    const tag = reader.uint16();
    const fieldEnd = reader.uint16() + reader.position;
    if (fieldEnd > sectionEnd) throw misfit(tag, what);
    if (!take(tag, fieldEnd)) {
      if (tag >= FIRST_CRITICAL_TAG) throw unknownField(tag, what);
      reader.bytes(fieldEnd - reader.position);
    }
    if (reader.position !== fieldEnd) throw misfit(tag, what);
  }
  if (reader.position !== sectionEnd) throw misfit(0, what);
}

/** Passes over a section of which no field is known. @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_HEADER_FIELD */
export function skipFields(reader: ByteReader, what: string): void {
  const length = reader.uint16();
  if (length > 0) readFields(reader, length, knowsNone, what);
}

function knowsNone(): boolean {
  return false;
}

function endLength(start: number, into: ByteWriter): void {
  const bytes = into.length - start - 2;
  if (bytes > MAX_FIELD_BYTES) {
    throw new MoonpoolError('HEADER_TOO_LARGE', {
      message: `A part of a header has ${bytes} bytes and may have ${MAX_FIELD_BYTES}`,
    });
  }
  into.setUint16(start, bytes);
}

function misfit(tag: number, what: string): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', {
    message: `The header of ${what} has a field ${tag} that does not fit into its length`,
  });
}

function unknownField(tag: number, what: string): MoonpoolError {
  return new MoonpoolError('UNKNOWN_HEADER_FIELD', {
    message: `The header of ${what} has the field ${tag}, which may not be passed over and which this process does not know`,
  });
}
