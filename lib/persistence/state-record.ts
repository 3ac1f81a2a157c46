import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { openRecord, sealRecord, unreadable } from './sealed-record';

/** The formats of a record; its first byte. That of version 0.1 had neither a checksum nor its owner; versions of states came last. */
const Format = { plain: 1, sealed: 2, versioned: 3 } as const;

/** The version of a state whose class says none. */
export const FIRST_VERSION = 1;

/** One state as it is stored. */
export interface StateBytes {
  /** Of the shape that its class gives it. */
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** The states of one actor by their names. */
export type StateRecord = ReadonlyMap<string, StateBytes>;

const FORMATS = new Map<number, (reader: ByteReader) => Map<string, StateBytes>>([
  [Format.sealed, (reader) => readStates(reader, () => FIRST_VERSION)],
  [Format.versioned, (reader) => readStates(reader, () => reader.uint16())],
]);

/**
 * All states of one actor in one record, so that they share one epoch and one version and are written together. The body of a sealed record:
 *
 *     states u8 | each: name u8, text | version u16 | bytes u32 | bytes
 *
 * While no state has a version but the first, none is written, so that earlier releases read the record too.
 */
export function encodeStateRecord(actor: string, states: StateRecord): Uint8Array {
  const isVersioned = [...states.values()].some(({ version }) => version !== FIRST_VERSION);
  return sealRecord(isVersioned ? Format.versioned : Format.sealed, actor, (writer) =>
    writeStates(states, isVersioned, writer),
  );
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then. */
export function decodeStateRecord(actor: string, record: Uint8Array): Map<string, StateBytes> {
  const identity = { owner: actor, described: `The stored state of ${actor}` };
  if (record[0] !== Format.plain) return openRecord(identity, record, FORMATS);
  try {
    const reader = new ByteReader(record);
    reader.uint8();
    const states = readStates(reader, () => FIRST_VERSION);
    if (reader.remaining > 0) throw new Error(`it has ${reader.remaining} bytes behind its end`);
    return states;
  } catch (cause) {
    throw unreadable(identity, cause);
  }
}

function writeStates(states: StateRecord, isVersioned: boolean, writer: ByteWriter): void {
  writer.uint8(states.size);
  for (const [name, { version, bytes }] of states) {
    writer.shortText(name);
    if (isVersioned) writer.uint16(version);
    writer.uint32(bytes.length);
    writer.bytes(bytes);
  }
}

function readStates(reader: ByteReader, readVersion: () => number): Map<string, StateBytes> {
  const states = new Map<string, StateBytes>();
  for (let count = reader.uint8(); count > 0; count--) {
    const name = reader.shortText();
    if (states.has(name)) throw new Error(`it has the state '${name}' twice`);
    const version = readVersion();
    states.set(name, { version, bytes: reader.bytes(reader.uint32()) });
  }
  return states;
}
