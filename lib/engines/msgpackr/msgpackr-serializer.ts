import { Packr } from 'msgpackr';
import type { ReferenceReader } from '../../actor/carried-reference';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { ByteWriter } from '../../serialization/byte-writer';
import { checkRoom } from '../../serialization/least-size';
import type { Serializer } from '../../serialization/serializer';
import { TAG, toTagged } from '../../serialization/tagged-value';
import { fromTagged } from '../../serialization/untagged-value';
import { checkMsgpack } from './msgpack-structure';

/** Half a pair of surrogates, which UTF-8 cannot say. */
const UNPAIRED = /\p{Surrogate}/u;
/** As what it is written: as U+FFFD by Node.js, or by this byte and two others by the package. */
const REPLACEMENT = Buffer.from('\ufffd');
const SURROGATE_HEAD = 0xed;

/**
 * MessagePack, by the package msgpackr: smaller and faster than JSON where values are large. What MessagePack cannot say is
 * said by the same tags as in JSON, and no extension type is written or read.
 */
export class MsgpackrSerializer implements Serializer {
  readonly contentType = 'application/msgpack';
  private readonly packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

  write(value: unknown, into: ByteWriter): void {
    checkRoom(value, into);
    const tagged = toTagged(value);
    const bytes = this.packr.pack(tagged);
    into.bytes(mayHoldSurrogates(bytes) && holdsUnpaired(tagged) ? this.packr.pack(withUnpairedTexts(tagged)) : bytes);
  }

  read(bytes: Uint8Array, references?: ReferenceReader): unknown {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    checkMsgpack(buffer);
    let unpacked: unknown;
    try {
      unpacked = this.packr.unpack(buffer);
    } catch (cause) {
      throw new MoonpoolError('MALFORMED_PAYLOAD', {
        message: `${bytes.length} received bytes are no MessagePack`,
        cause,
      });
    }
    return fromTagged(unpacked, references);
  }
}

/** Nearly no bytes do, so that no text needs to be looked at. */
function mayHoldSurrogates(bytes: Buffer): boolean {
  return bytes.includes(SURROGATE_HEAD) || bytes.includes(REPLACEMENT);
}

function holdsUnpaired(value: unknown): boolean {
  if (typeof value === 'string') return UNPAIRED.test(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsUnpaired);
  return Object.entries(value).some(([key, item]) => UNPAIRED.test(key) || holdsUnpaired(item));
}

/** The same tagged value, with texts that UTF-8 cannot say written by their units: those of values, and keys, of which a list is made then. */
function withUnpairedTexts(value: unknown): unknown {
  if (typeof value === 'string') return textOrUnits(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withUnpairedTexts);
  const entries = Object.entries(value).map(([key, item]) => [textOrUnits(key), withUnpairedTexts(item)] as const);
  // What has a tag has no keys of its own, so this one is an ordinary object.
  if (entries.some(([key]) => typeof key !== 'string')) return { [TAG]: 'object', value: entries };
  return Object.fromEntries(entries);
}

function textOrUnits(text: string): unknown {
  return UNPAIRED.test(text) ? { [TAG]: 'text', value: Buffer.from(text, 'utf16le').toString('base64') } : text;
}
