import { expect } from 'chai';
import fc from 'fast-check';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { Uid } from '../../lib/identity/uid';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { PACKET_HEADER_BYTES } from '../../lib/wire/packet';
import { PacketBatch } from '../../lib/wire/packet-batch';
import { PacketReader } from '../../lib/wire/packet-reader';

interface Received {
  readonly token: string;
  readonly payload: string;
}

function readAll(chunks: readonly Uint8Array[], maxPacketBytes?: number): readonly Received[] {
  const received: Received[] = [];
  const reader = new PacketReader(
    (token, payload) => received.push({ token: token.toString(), payload: payload.toString('hex') }),
    maxPacketBytes,
  );
  for (const chunk of chunks) reader.read(chunk);
  return received;
}

function batchOf(packets: readonly { readonly token: Uid; readonly payload: Uint8Array }[]): Uint8Array {
  const batch = new PacketBatch();
  for (const { token, payload } of packets) {
    batch.begin(token).bytes(payload);
    batch.end();
  }
  return batch.take();
}

/** Cuts the bytes at the given places, in any order. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end));
}

const anyUid = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map(([a, b]) => Uid.of(a, b));
const anyPacket = fc.record({
  token: fc.oneof(anyUid, fc.nat(63).map(wellKnownToken)),
  payload: fc.uint8Array({ maxLength: 300 }),
});

describe('A packet', () => {
  it('is written byte for byte as documented: length, checksum, token, payload, all little-endian', () => {
    const bytes = batchOf([
      { token: Uid.of(0x0102_0304_0506_0708n, 0x1112_1314_1516_1718n), payload: Buffer.from('hello') },
    ]);
    expect(Buffer.from(bytes).toString('hex')).to.equal(
      '1d000000' + 'b4c2b178' + '0807060504030201' + '1817161514131211' + '68656c6c6f',
    );
  });

  it('survives any split of the stream', () => {
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (packets, places) => {
        const received = readAll(cut(batchOf(packets), places));
        const sent = packets.map(({ token, payload }) => ({
          token: token.toString(),
          payload: Buffer.from(payload).toString('hex'),
        }));
        expect(received).to.deep.equal(sent);
      }),
    );
  });

  it('is refused when any bit of it is flipped, unless the flip makes it wait for bytes that never come', () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(), (packet, place) => {
        const bytes = batchOf([packet]);
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        try {
          expect(readAll([bytes])).to.have.length(0);
        } catch (error) {
          expect(isMoonpoolError(error, 'CORRUPT_PACKET') || isMoonpoolError(error, 'PACKET_TOO_LARGE')).to.equal(true);
        }
      }),
    );
  });

  it('is refused before its bytes arrive when it announces more than the limit', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(1_000_000);
    expect(() => readAll([header], 1_000)).to.throw('PACKET_TOO_LARGE');
  });

  it('is refused when it announces less than its own header', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(PACKET_HEADER_BYTES - 1);
    expect(() => readAll([header])).to.throw('CORRUPT_PACKET');
  });

  it('that is too large to send is taken back, and those around it are sent', () => {
    const batch = new PacketBatch(PACKET_HEADER_BYTES + 4);
    const token = wellKnownToken(4);
    batch.begin(token).text('one');
    batch.end();
    batch.begin(token).text('far too long');
    expect(() => batch.end()).to.throw('PACKET_TOO_LARGE');
    batch.begin(token).text('two');
    batch.end();
    expect(readAll([batch.take()]).map(({ payload }) => Buffer.from(payload, 'hex').toString())).to.deep.equal([
      'one',
      'two',
    ]);
  });
});
