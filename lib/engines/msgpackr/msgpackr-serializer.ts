import { Packr } from 'msgpackr';
import type { ReferenceReader } from '../../actor/carried-reference';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { ByteWriter } from '../../serialization/byte-writer';
import type { Serializer } from '../../serialization/serializer';
import { fromTagged, toTagged } from '../../serialization/tagged-value';
import { checkMsgpack } from './msgpack-structure';

/**
 * MessagePack, by the package msgpackr: smaller and faster than JSON where values are large. What MessagePack cannot say is
 * said by the same tags as in JSON, and no extension type is written or read.
 */
export class MsgpackrSerializer implements Serializer {
  readonly contentType = 'application/msgpack';
  private readonly packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

  write(value: unknown, into: ByteWriter): void {
    into.bytes(this.packr.pack(toTagged(value)));
  }

  read(bytes: Uint8Array, references?: ReferenceReader): unknown {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    checkMsgpack(buffer);
    let unpacked: unknown;
    try {
      unpacked = this.packr.unpack(buffer);
    } catch (cause) {
      throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `${bytes.length} received bytes are no MessagePack`, cause });
    }
    return fromTagged(unpacked, references);
  }
}
