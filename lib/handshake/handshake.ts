import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { RandomProvider } from '../providers/random-provider';
import { PacketBatch } from '../wire/packet-batch';
import { NONCE_BYTES, type ClusterSecret, type Transcript } from './cluster-secret';
import type { HandshakeSide } from './handshake-side';
import { readHello, writeHello } from './greeting-codec';
import type { Hello } from './hello';
import type { LocalNode } from '../identity/local-node';
import { PROTOCOLS } from './protocol';
import { asksForProtocol2, PROTOCOL_2, writeProtocol2Hello } from './protocol-2-greeting';
import { authenticationFailure, refusalIn, refusal, refusalPayload } from './refusal';

const HELLO = wellKnownToken(WellKnownToken.hello);
const PROOF = wellKnownToken(WellKnownToken.proof);
const UNAUTHORIZED = wellKnownToken(WellKnownToken.unauthorized);

/** What a handshake needs from its node. */
export interface HandshakeSetting {
  readonly local: LocalNode;
  /** Undefined: whoever names the cluster is taken for a part of it. */
  readonly secret: ClusterSecret | undefined;
  /** The largest packet that this side takes. Default: that of the options. */
  readonly maxPacketBytes?: number;
  /** The mark of the address that is dialled; undefined for the side that is. */
  readonly dialled?: number;
  /** Where nonces come from; cryptographic in the real world. */
  readonly random: RandomProvider;
  /** Why a peer of this greeting is not to be talked to; undefined when it is welcome. */
  readonly refuses: (hello: Hello) => string | undefined;
}

/** The first packet of a connection, as bytes. */
export function handshakePacket(token: Uid, payload: Uint8Array): Uint8Array {
  const batch = new PacketBatch();
  batch.begin(token).bytes(payload);
  batch.end();
  return batch.take();
}

/** Says to a side that has not greeted why it is not heard. */
export function refusalPacket(error: unknown): Uint8Array {
  return handshakePacket(UNAUTHORIZED, refusalPayload(error));
}

/**
 * The beginning of a connection: each side says who it is, and nothing else is read or said before. With a cluster secret
 * each side also proves that it knows it: first the one that dialled, so that nobody gets a proof by merely connecting.
 *
 *     dialler                       acceptor
 *     hello, nonce        ->
 *                         <-        hello, nonce
 *     proof               ->                        only with a secret
 *                         <-        proof           only with a secret
 */
export class Handshake {
  private ownHello: Buffer | undefined;
  /** The other side has refused what it was greeted with, for it speaks version 2 alone: it is to be dialled again. */
  asksForProtocol2 = false;
  private theirs: { readonly hello: Hello; readonly bytes: Buffer } | undefined;

  /**
   * @param write sends bytes at once, ahead of everything that waits.
   * @param inProtocol2 the other side is known to speak version 2 alone.
   */
  constructor(
    private readonly side: HandshakeSide,
    private readonly setting: HandshakeSetting,
    private readonly write: (bytes: Uint8Array) => void,
    private readonly inProtocol2 = false,
  ) {}

  begin(): void {
    if (this.side === 'dialler') this.greet(this.inProtocol2 ? PROTOCOL_2 : PROTOCOLS.newest);
  }

  /**
   * Takes the next packet of the other side. Returns its greeting when the handshake is done, and undefined while more is
   * to come. The side that accepted says why before it throws.
   * @throws MoonpoolError HANDSHAKE_REFUSED, AUTHENTICATION_FAILED, TOO_MANY_CONNECTIONS, MALFORMED_PAYLOAD
   */
  receive(token: Uid, payload: Buffer): Hello | undefined {
    const number = wellKnownNumber(token);
    try {
      if (this.side === 'dialler' && number === WellKnownToken.unauthorized) {
        this.asksForProtocol2 = !this.inProtocol2 && this.theirs === undefined && asksForProtocol2(payload);
        throw refusalIn(payload);
      }
      return this.theirs === undefined
        ? this.receiveHello(number, payload)
        : this.receiveProof(number, payload, this.theirs.hello);
    } catch (error) {
      if (this.side === 'acceptor') this.write(refusalPacket(error));
      throw error;
    }
  }

  private receiveHello(number: number, payload: Buffer): Hello | undefined {
    if (number !== WellKnownToken.hello) throw refusal('the other side did not greet first');
    const { local, secret } = this.setting;
    const hello = readHello(payload, local.cluster);
    if (secret === undefined && hello.nonce !== undefined)
      throw authenticationFailure('the other side has a cluster secret, this side has none');
    if (secret !== undefined && hello.nonce === undefined)
      throw authenticationFailure('this side has a cluster secret, the other side has none');
    this.theirs = { hello, bytes: Buffer.from(payload) };
    if (secret === undefined) this.requireWelcome(hello);
    if (this.side === 'acceptor') this.greet(hello.protocol);
    else if (secret !== undefined) this.prove(secret);
    return secret === undefined ? hello : undefined;
  }

  private receiveProof(number: number, payload: Buffer, hello: Hello): Hello {
    const { secret } = this.setting;
    if (number !== WellKnownToken.proof || secret === undefined)
      throw refusal('the other side did not prove itself after its greeting');
    const other = this.side === 'dialler' ? 'acceptor' : 'dialler';
    const proven = secret.matching(payload, other, this.transcript);
    if (proven === undefined) throw authenticationFailure('the other side does not know the cluster secret');
    // Only now: what this side knows of the cluster is nothing for strangers.
    this.requireWelcome(hello);
    if (this.side === 'acceptor') this.prove(secret, proven);
    return hello;
  }

  private requireWelcome(hello: Hello): void {
    const why = this.setting.refuses(hello);
    if (why !== undefined) throw refusal(why);
  }

  private greet(protocol: number): void {
    const { local, maxPacketBytes, dialled } = this.setting;
    const { role, cluster, node, address, session } = local;
    const said = {
      ...{ role, cluster, node, address, session },
      ...(maxPacketBytes === undefined ? {} : { maxPacketBytes }),
      ...(dialled === undefined ? {} : { dialled }),
    };
    this.ownHello = protocol === PROTOCOL_2 ? writeProtocol2Hello(said, this.nonce()) : writeHello(said, this.nonce());
    this.write(handshakePacket(HELLO, this.ownHello));
  }

  private prove(secret: ClusterSecret, number?: number): void {
    this.write(handshakePacket(PROOF, secret.prove(this.side, this.transcript, number)));
  }

  private get transcript(): Transcript {
    const own = this.ownHello as Buffer;
    const theirs = this.theirs?.bytes as Buffer;
    return this.side === 'dialler' ? { dialler: own, acceptor: theirs } : { dialler: theirs, acceptor: own };
  }

  private nonce(): Uint8Array | undefined {
    const { secret, random } = this.setting;
    if (secret === undefined) return undefined;
    const nonce = Buffer.alloc(NONCE_BYTES);
    for (let at = 0; at < NONCE_BYTES; at += 4) nonce.writeUInt32LE(random.uint32(), at);
    return nonce;
  }
}
