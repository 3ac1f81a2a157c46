import { MoonpoolError } from '../errors/moonpool-error';
import { isVisible, outsideText } from '../errors/outside-text';
import { parseAddress } from '../identity/network-address';
import { formatNodeId, type NodeId } from '../identity/node-id';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { NONCE_BYTES } from './cluster-secret';
import type { LocalNode, NodeRole } from '../identity/local-node';
import { refusal } from './refusal';
import { markOf, SESSION_BYTES } from '../identity/session';

/** The first four bytes of a handshake: `MNPL`. */
const MAGIC = 0x4c50_4e4d;
/** The version of everything that follows on a connection. Nodes of different versions do not talk. */
export const PROTOCOL_VERSION = 2;
/** The largest payload before a handshake is done; a longer one is refused unread. */
export const MAX_HANDSHAKE_BYTES = 1_024;

/** How each side wants the other to prove itself. */
const Proof = { none: 0, hmac: 1 } as const;

const ROLES: readonly NodeRole[] = ['node', 'client'];

/** What each side says of itself before anything else is said on a connection. */
export interface Hello {
  readonly role: NodeRole;
  readonly cluster: string;
  readonly node: NodeId;
  /** Where the sender listens; the empty string when it does not. */
  readonly address: string;
  /**
   * Who it is, as a key of maps: role, name, incarnation, and the number of its session, so that nobody else is taken for it
   * who merely says the same name.
   */
  readonly identity: string;
  /** What others may be told of it to find it among the connections: see {@link markOf}. */
  readonly mark: string;
  /** A number that is used once, from a side that has a cluster secret. */
  readonly nonce: Uint8Array | undefined;
}

/** The greeting of this process. @param nonce of 32 bytes when it has a cluster secret. */
export function writeHello(
  local: Pick<LocalNode, 'role' | 'cluster' | 'node' | 'address' | 'session'>,
  nonce: Uint8Array | undefined,
): Buffer {
  const into = new ByteWriter();
  into.uint32(MAGIC);
  into.uint16(PROTOCOL_VERSION);
  into.uint8(ROLES.indexOf(local.role));
  into.longText(local.cluster);
  into.longText(local.node.name);
  into.float64(local.node.incarnation);
  into.longText(local.address);
  into.bytes(local.session);
  into.uint8(nonce === undefined ? Proof.none : Proof.hmac);
  if (nonce !== undefined) into.bytes(nonce);
  return into.take();
}

/**
 * Reads a greeting and checks that it comes from this cluster.
 * @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD
 */
export function readHello(payload: Buffer, expectedCluster: string): Hello {
  const reader = new ByteReader(payload);
  if (reader.uint32() !== MAGIC) throw refusal('the other side does not speak this protocol');
  const version = reader.uint16();
  if (version !== PROTOCOL_VERSION)
    throw refusal(`the other side speaks version ${version}, this side ${PROTOCOL_VERSION}`);
  const role = ROLES[reader.uint8()];
  if (role === undefined) throw malformed('an unknown role');
  const cluster = reader.longText();
  // The name of this side's cluster is nothing for strangers.
  if (cluster !== expectedCluster) throw refusal(`the cluster '${outsideText(cluster)}' is not that of this side`);
  const node = { name: reader.longText(), incarnation: reader.float64() };
  if (!Number.isSafeInteger(node.incarnation) || node.incarnation < 0)
    throw malformed('an incarnation that is no whole number');
  if (!isVisible(node.name)) throw malformed('a name with characters that cannot be seen');
  const address = reader.longText();
  if (address !== '' && !isAddress(address)) throw malformed('an address that is none');
  const session = reader.bytes(SESSION_BYTES);
  const identity = `${role} ${formatNodeId(node)} ${session.toString('hex')}`;
  const nonce = readNonce(reader);
  if (reader.remaining > 0) throw malformed(`${reader.remaining} bytes behind its end`);
  return { role, cluster, node, address, identity, mark: markOf(session), nonce };
}

function readNonce(reader: ByteReader): Uint8Array | undefined {
  const proof = reader.uint8();
  if (proof === Proof.none) return undefined;
  if (proof !== Proof.hmac) throw refusal('the other side wants a proof that this side does not know');
  return reader.bytes(NONCE_BYTES);
}

function isAddress(text: string): boolean {
  if (!isVisible(text)) return false;
  try {
    parseAddress(text);
    return true;
  } catch {
    return false;
  }
}

function malformed(found: string): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', { message: `A greeting has ${found}` });
}
