import type { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { MAGIC, malformedGreeting, readIdentity, writeIdentity, type Hello, type SaidIdentity } from './hello';

/** The version that Moonpool 0.1.0 speaks, and no other: its greeting says nothing of ranges, and it reads no greeting of another version. */
export const PROTOCOL_2 = 2;

/** What 0.1.0 says to a greeting of another version. */
const REFUSAL = /speaks version \d+, this side 2$/;

/** A greeting as 0.1.0 writes and reads it. */
export function writeProtocol2Hello(local: SaidIdentity, nonce: Uint8Array | undefined): Buffer {
  const into = new ByteWriter();
  into.uint32(MAGIC);
  into.uint16(PROTOCOL_2);
  writeIdentity(local, nonce, into);
  return into.take();
}

/** Reads the greeting of a 0.1.0, behind its version. @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD */
export function readProtocol2Hello(reader: ByteReader, expectedCluster: string): Hello {
  const identity = readIdentity(reader, expectedCluster);
  if (reader.remaining > 0) throw malformedGreeting(`${reader.remaining} bytes behind its end`);
  return { ...identity, protocol: PROTOCOL_2, features: new Set() };
}

/** True for the refusal of a 0.1.0 that was greeted in a newer version: it is to be dialled again, and greeted in its own. */
export function asksForProtocol2(refusal: Buffer): boolean {
  return REFUSAL.test(refusal.toString('utf8', 1));
}
