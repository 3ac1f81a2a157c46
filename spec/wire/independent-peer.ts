import { createHmac } from 'node:crypto';

/**
 * The protocol once more, written from docs/wire-format.md alone: nothing of the library is imported here, so that the two
 * can be held against each other.
 */

/** A packet of the independent reader; the token in hexadecimal, as it travels. */
export interface PlainPacket {
  readonly token: string;
  readonly payload: Buffer;
}

/** The bytes of a well-known token, in hexadecimal. */
export function wellKnown(number: number): string {
  return `ffffffffffffffff${number.toString(16).padStart(2, '0')}00000000000000`;
}

export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

export function plainPacket(token: string, payload: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(token, 'hex'), payload]);
  return Buffer.concat([u32(body.length + 8), u32(checksum(body)), body]);
}

/** Reads the whole packets at the beginning of the bytes, and returns what is left. */
export function readPlainPackets(bytes: Buffer): { readonly packets: readonly PlainPacket[]; readonly rest: Buffer } {
  const packets: PlainPacket[] = [];
  let rest = bytes;
  while (rest.length >= 24 && rest.length >= rest.readUInt32LE(0)) {
    const length = rest.readUInt32LE(0);
    const body = rest.subarray(8, length);
    if (length < 24 || checksum(body) !== rest.readUInt32LE(4)) throw new Error('The bytes are no packet.');
    packets.push({ token: body.toString('hex', 0, 16), payload: body.subarray(16) });
    rest = rest.subarray(length);
  }
  return { packets, rest };
}

/** What a process says of itself. */
export interface PlainHello {
  readonly role: 0 | 1;
  readonly cluster: string;
  readonly name: string;
  readonly incarnation: number;
  readonly address: string;
  /** 16 bytes. */
  readonly session?: Buffer;
  readonly nonce?: Buffer;
  /** The version that it speaks. Default: 3. */
  readonly protocol?: 2 | 3;
}

export function plainHello({
  role,
  cluster,
  name,
  incarnation,
  address,
  session = Buffer.alloc(16, 1),
  nonce,
  protocol = 3,
}: PlainHello): Buffer {
  const number = Buffer.alloc(8);
  number.writeDoubleLE(incarnation);
  const proof = nonce === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(1), nonce]);
  return Buffer.concat([
    Buffer.from('MNPL'),
    // In version 2 there is one number, and nothing stands behind the proof.
    protocol === 2 ? u16(2) : Buffer.concat([u16(3), u16(3)]),
    Buffer.of(role),
    text(cluster),
    text(name),
    number,
    text(address),
    session,
    proof,
    protocol === 2 ? Buffer.alloc(0) : u16(0),
  ]);
}

export function plainProof(
  secret: string,
  side: 'dialler' | 'acceptor',
  dialler: Uint8Array,
  acceptor: Uint8Array,
): Buffer {
  const said = Buffer.concat([
    Buffer.from(`moonpool handshake 1, ${side}\0`),
    u32(dialler.length),
    u32(acceptor.length),
    dialler,
    acceptor,
  ]);
  return createHmac('sha256', secret).update(said).digest();
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.length), bytes]);
}

function u16(value: number): Buffer {
  return Buffer.of(value & 0xff, value >>> 8);
}

function u32(value: number): Buffer {
  return Buffer.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
