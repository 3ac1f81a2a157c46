import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';

/** The version of the layout below. */
const LAYOUT = 1;

/** All states of one actor in one row, so that they share one epoch and one version and are written together. */
export function encodeStateRecord(states: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const writer = new ByteWriter(256);
  writer.uint8(LAYOUT);
  writer.uint8(states.size);
  for (const [name, bytes] of states) {
    writer.shortText(name);
    writer.uint32(bytes.length);
    writer.bytes(bytes);
  }
  return writer.take();
}

/** @throws MoonpoolError STORAGE_CORRUPT */
export function decodeStateRecord(actor: string, record: Uint8Array): Map<string, Uint8Array> {
  try {
    const reader = new ByteReader(record);
    const layout = reader.uint8();
    if (layout !== LAYOUT) throw new Error(`The layout ${layout} is not known.`);
    const states = new Map<string, Uint8Array>();
    for (let count = reader.uint8(); count > 0; count--) {
      const name = reader.shortText();
      states.set(name, reader.bytes(reader.uint32()));
    }
    return states;
  } catch (cause) {
    throw new MoonpoolError('STORAGE_CORRUPT', { message: `The stored state of ${actor} cannot be read: ${reasonOf(cause)}`, cause });
  }
}
