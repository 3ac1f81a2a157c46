import { MoonpoolError } from '../errors/moonpool-error';
import type { NodeId } from '../identity/node-id';
import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import type { LocalNode, NodeRole } from './local-node';

/** The first four bytes of a handshake: `MNPL`. */
const MAGIC = 0x4c50_4e4d;
/** The version of everything that follows on a connection. Nodes of different versions do not talk. */
export const PROTOCOL_VERSION = 1;
/** A greeting is short; a longer one is refused unread. */
export const MAX_HELLO_BYTES = 1_024;

/** What each side says of itself before anything else is said on a connection. */
export interface Hello {
  readonly role: NodeRole;
  readonly cluster: string;
  readonly node: NodeId;
  /** Where the sender listens; the empty string when it does not. */
  readonly address: string;
}

export function writeHello(local: LocalNode, into: ByteWriter): void {
  into.uint32(MAGIC);
  into.uint16(PROTOCOL_VERSION);
  into.uint8(local.role === 'node' ? 0 : 1);
  into.longText(local.cluster);
  into.longText(local.node.name);
  into.float64(local.node.incarnation);
  into.longText(local.address);
}

/**
 * Reads a greeting and checks that it comes from this cluster.
 * @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD
 */
export function readHello(payload: Buffer, expectedCluster: string): Hello {
  if (payload.length > MAX_HELLO_BYTES) throw refusal(`the greeting has ${payload.length} bytes, the limit is ${MAX_HELLO_BYTES}`);
  const reader = new ByteReader(payload);
  if (reader.uint32() !== MAGIC) throw refusal('the other side does not speak this protocol');
  const version = reader.uint16();
  if (version !== PROTOCOL_VERSION) throw refusal(`the other side speaks version ${version}, this side ${PROTOCOL_VERSION}`);
  const role: NodeRole = reader.uint8() === 0 ? 'node' : 'client';
  const cluster = reader.longText();
  if (cluster !== expectedCluster) throw refusal(`the other side is of the cluster '${cluster}', this side of '${expectedCluster}'`);
  const node = { name: reader.longText(), incarnation: reader.float64() };
  return { role, cluster, node, address: reader.longText() };
}

export function refusal(why: string): MoonpoolError {
  return new MoonpoolError('HANDSHAKE_REFUSED', { message: `The handshake was refused: ${why}` });
}
