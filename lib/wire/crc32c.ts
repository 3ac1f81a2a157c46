/**
 * The CRC-32C checksum (Castagnoli polynomial, reflected 0x82F63B78) by slicing-by-8: eight bytes for each step through
 * eight tables. M. E. Kounavis and F. L. Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC
 * Generation", 2008. `zlib.crc32` is another polynomial.
 */
const POLYNOMIAL = 0x82f6_3b78;

const [T0, T1, T2, T3, T4, T5, T6, T7] = makeTables();

/** The checksum of the bytes between two positions, as an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = -1;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    const low =
      crc ^ (at8(bytes, at) | (at8(bytes, at + 1) << 8) | (at8(bytes, at + 2) << 16) | (at8(bytes, at + 3) << 24));
    crc =
      look(T7, low & 0xff) ^
      look(T6, (low >>> 8) & 0xff) ^
      look(T5, (low >>> 16) & 0xff) ^
      look(T4, low >>> 24) ^
      look(T3, at8(bytes, at + 4)) ^
      look(T2, at8(bytes, at + 5)) ^
      look(T1, at8(bytes, at + 6)) ^
      look(T0, at8(bytes, at + 7));
  }
  for (; at < to; at++) crc = look(T0, (crc ^ at8(bytes, at)) & 0xff) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

// The compiler cannot know that these indexes are inside; the engine turns both functions into plain loads.
function at8(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
function look(table: Int32Array, index: number): number {
  return table[index] as number;
}

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

function makeTables(): Tables {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256)) as Tables;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let slice = 1; slice < 8; slice++) {
    const before = tables[slice - 1] as Int32Array;
    const table = tables[slice] as Int32Array;
    for (let byte = 0; byte < 256; byte++)
      table[byte] = (look(before, byte) >>> 8) ^ look(tables[0], look(before, byte) & 0xff);
  }
  return tables;
}
