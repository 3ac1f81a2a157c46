import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ByteWriter } from './byte-writer';
import { checkRoom } from './least-size';
import type { Serializer } from './serializer';
import { toTagged } from './tagged-value';
import { fromTagged } from './untagged-value';

/** JSON with typed tags, so that undefined, Date, Map, Set, bigint, Buffer, typed arrays, URL, RegExp, Temporal, Error, every number and references to actors survive. The default. */
export class JsonSerializer implements Serializer {
  readonly contentType = 'application/json';

  write(value: unknown, into: ByteWriter): void {
    checkRoom(value, into);
    into.text(JSON.stringify(toTagged(value)));
  }

  read(bytes: Uint8Array, references?: ReferenceReader): unknown {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let parsed: unknown;
    try {
      parsed = JSON.parse(buffer.toString('utf8'));
    } catch (cause) {
      throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `${bytes.length} received bytes are no JSON`, cause });
    }
    return fromTagged(parsed, references);
  }
}
