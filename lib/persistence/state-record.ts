import type { ByteReader } from '../serialization/byte-reader';
import { seal, unseal, type RecordKind } from '../storage/sealed-record';

/** The record of states. That of version 0.1, the format 1, had neither a checksum nor its owner. */
const STATES: RecordKind = { what: 'stored state', format: 2, unsealed: [1] };

/**
 * All states of one actor in one sealed record, so that they share one epoch and one version and are written together.
 *
 *     states u8 | each: name u8, text | bytes u32 | bytes
 */
export function encodeStateRecord(actor: string, states: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return seal(STATES, actor, (writer) => {
    writer.uint8(states.size);
    for (const [name, bytes] of states) {
      writer.shortText(name);
      writer.uint32(bytes.length);
      writer.bytes(bytes);
    }
  });
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then. */
export function decodeStateRecord(actor: string, record: Uint8Array): Map<string, Uint8Array> {
  return unseal(STATES, actor, record, readStates);
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
