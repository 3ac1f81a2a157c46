import { MoonpoolError } from '../errors/moonpool-error';
import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { seal, unseal, type RecordKind } from '../storage/sealed-record';

/** The formats of a record. That of version 0.1 had neither a checksum nor its owner; versions of states came last. */
const Format = { plain: 1, sealed: 2, versioned: 3 } as const;

const KIND: RecordKind = {
  what: 'stored state',
  format: Format.versioned,
  sealed: [Format.sealed],
  unsealed: [Format.plain],
};

/** The version of a state whose class says none. */
export const FIRST_VERSION = 1;

/** One state as it is stored. */
export interface StateBytes {
  /** Of the shape that its class gives it. */
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** A copy that shares its memory with nothing. What is kept as long as an actor must be one: a part of a pool of small buffers, or of a packet, keeps the whole of it. */
export function ownCopy({ version, bytes }: StateBytes): StateBytes {
  return { version, bytes: new Uint8Array(bytes) };
}

/** The states of one actor by their names. */
export type StateRecord = ReadonlyMap<string, StateBytes>;

/**
 * All states of one actor in one record, so that they share one epoch and one version and are written together. The body of a sealed record:
 *
 *     states u8 | each: name u8, text | version u16 | bytes u32 | bytes
 *
 * While no state has a version but the first, none is written, so that earlier releases read the record too.
 */
export function encodeStateRecord(actor: string, states: StateRecord): Uint8Array {
  const isVersioned = [...states.values()].some(({ version }) => version !== FIRST_VERSION);
  const format = isVersioned ? Format.versioned : Format.sealed;
  return seal({ format }, actor, (writer) => writeStates(states, isVersioned, writer));
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then. */
export function decodeStateRecord(actor: string, record: Uint8Array): Map<string, StateBytes> {
  return unseal(KIND, actor, record, (reader, format) =>
    readStates(reader, () => (format === Format.versioned ? reader.uint16() : FIRST_VERSION)),
  );
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

/** The error for a record that was written, and of which nothing is there. */
export function writtenAndEmpty(what: string, version: number): MoonpoolError {
  return new MoonpoolError('STORAGE_CORRUPT', { message: `${what} was written ${version} times and holds nothing` });
}
