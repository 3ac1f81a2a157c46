import type { ReferenceReader } from '../actor/carried-reference';
import { token } from '../injection/token';
import type { ByteWriter } from './byte-writer';

/** Turns values into bytes and back. All nodes of a cluster use the same one; users bind their own under this token. */
export interface Serializer {
  /** The media type, for messages and records. */
  readonly contentType: string;
  /** Writes the value. @throws MoonpoolError UNSERIALIZABLE_VALUE naming the place in the value */
  write(value: unknown, into: ByteWriter): void;
  /**
   * Reads a value from exactly these bytes, which may be anything.
   * @param references makes references to actors of what was carried of them; undefined where values hold none. A
   * serializer of your own that goes through `toTagged` and `fromTagged` hands it to the latter and carries references so.
   * @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_REFERENCE
   */
  read(bytes: Uint8Array, references?: ReferenceReader): unknown;
}
export const Serializer = token<Serializer>('Serializer');
