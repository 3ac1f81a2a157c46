import { expect } from 'chai';
import fc from 'fast-check';
import { crc32c } from '../../lib/wire/crc32c';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The definition, bit by bit: the independent opinion. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

describe('crc32c', () => {
  it('gives the check value of the catalogue of checksums', () => {
    expect(crc32c(bytesOf('123456789'))).to.equal(0xe306_9283);
  });

  it('gives the values of RFC 3720 for 32 zeros, 32 ones and the numbers 0 to 31', () => {
    expect(crc32c(new Uint8Array(32))).to.equal(0x8a91_36aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).to.equal(0x62a8_ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).to.equal(0x46dd_794e);
  });

  it('agrees with the bitwise definition on any part of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const from = Math.min(cut, bytes.length);
        expect(crc32c(bytes, from)).to.equal(bitwise(bytes.subarray(from)));
      }),
    );
  });
});
