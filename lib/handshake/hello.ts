import { MoonpoolError } from '../errors/moonpool-error';
import { isVisible, outsideText } from '../errors/outside-text';
import { parseAddress } from '../identity/network-address';
import { formatNodeId, type NodeId } from '../identity/node-id';
import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { NONCE_BYTES } from './cluster-secret';
import type { LocalNode, ProcessRole } from '../identity/local-node';
import { refusal } from './refusal';
import { markOf, SESSION_BYTES } from '../identity/session';

/** The first four bytes of a handshake: `MNPL`. */
export const MAGIC = 0x4c50_4e4d;
/** The largest payload before a handshake is done; a longer one is refused unread. */
export const MAX_HANDSHAKE_BYTES = 1_024;

/** How each side wants the other to prove itself. */
const Proof = { none: 0, hmac: 1 } as const;

/** In the order of their numbers on the wire. */
const ROLES: readonly ProcessRole[] = ['node', 'client', 'operator'];

/** What a process says of who it is. */
export interface SaidIdentity extends Pick<LocalNode, 'role' | 'cluster' | 'node' | 'address' | 'session'> {
  /** The largest packet that it takes; left out where that is the default. */
  readonly maxPacketBytes?: number;
  /** The mark of the address that was dialled; left out by the side that was. */
  readonly dialled?: number;
}

/** What each side says of itself before anything else is said on a connection. */
export interface Hello {
  /** The version of the protocol that is spoken from here on: the newest that both sides know. */
  readonly protocol: number;
  /** What the other side can do beside what that version asks for. */
  readonly features: ReadonlySet<string>;
  readonly role: ProcessRole;
  readonly cluster: string;
  readonly node: NodeId;
  /** Where the sender listens; the empty string when it does not. */
  readonly address: string;
  /**
   * Who it is, as a key of maps: role, name, incarnation, and the number of its session, so that nobody else is taken for it
   * who merely says the same name.
   */
  readonly identity: string;
  /** What others may know of it to find it among the connections: see {@link markOf}. */
  readonly mark: string;
  /** The largest packet that it takes; undefined for one that does not say so, as those of 0.1.0. */
  readonly maxPacketBytes?: number;
  /** The mark of the address by which it has dialled this side; undefined when this side has dialled, and for processes that do not say so, as those of 0.1.0. */
  readonly dialled?: number | undefined;
  /** A number that is used once, from a side that has a cluster secret. */
  readonly nonce: Uint8Array | undefined;
}

/** Who somebody is, as it stands in greetings of all versions. */
export function writeIdentity(local: SaidIdentity, nonce: Uint8Array | undefined, into: ByteWriter): void {
  into.uint8(ROLES.indexOf(local.role));
  into.longText(local.cluster);
  into.longText(local.node.name);
  into.float64(local.node.incarnation);
  into.longText(local.address);
  into.bytes(local.session);
  into.uint8(nonce === undefined ? Proof.none : Proof.hmac);
  if (nonce !== undefined) into.bytes(nonce);
}

/** Reads who somebody is, and checks that it comes from this cluster. @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD */
export function readIdentity(reader: ByteReader, expectedCluster: string): Omit<Hello, 'protocol' | 'features'> {
  const role = ROLES[reader.uint8()];
  if (role === undefined) throw malformedGreeting('an unknown role');
  const cluster = reader.longText();
  // The name of this side's cluster is nothing for strangers.
  if (cluster !== expectedCluster) throw refusal(`the cluster '${outsideText(cluster)}' is not that of this side`);
  const node = { name: reader.longText(), incarnation: reader.float64() };
  if (!Number.isSafeInteger(node.incarnation) || node.incarnation < 0)
    throw malformedGreeting('an incarnation that is no whole number');
  if (!isVisible(node.name)) throw malformedGreeting('a name with characters that cannot be seen');
  const address = reader.longText();
  if (address !== '' && !isAddress(address)) throw malformedGreeting('an address that is none');
  const session = reader.bytes(SESSION_BYTES);
  const identity = `${role} ${formatNodeId(node)} ${session.toString('hex')}`;
  return { role, cluster, node, address, identity, mark: markOf(session), nonce: readNonce(reader) };
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

export function malformedGreeting(found: string): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', { message: `A greeting has ${found}` });
}
