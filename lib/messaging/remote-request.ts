import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { ActorId } from '../identity/actor-id';
import { wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import type { Lease } from '../cluster/lease';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import type { PacketConnection } from '../transport/packet-connection';
import { EnvelopeKind, writeError, writeRejection, writeValue, type RequestEnvelope } from './envelope';
import type { Rejection } from './rejection';
import type { ReplyPort, Witness } from './reply-port';
import type { Request } from './request';

export const ACTOR_MESSAGE = wellKnownToken(WellKnownToken.actorMessage);

/**
 * A request that came from another node. Its answer goes back on the connection by which it came; when that is gone the
 * caller has been told so by its own side, and the answer is dropped.
 */
export class RemoteRequest implements Request, ReplyPort {
  started = false;
  readonly target: ActorId;
  readonly abandoned = false;

  constructor(
    private readonly envelope: RequestEnvelope,
    readonly deadline: number,
    private readonly from: PacketConnection,
    private readonly serializer: Serializer,
    private readonly lease: Lease,
  ) {
    this.target = ActorId.parse(envelope.target);
  }

  /** The incarnation that is meant; 0 for whoever listens here. */
  get incarnation(): number {
    return this.envelope.incarnation;
  }

  get method(): string {
    return this.envelope.method;
  }

  get args(): readonly unknown[] {
    return this.envelope.args;
  }

  get chain(): readonly string[] {
    return this.envelope.chain;
  }

  get call(): string {
    const { remote } = this.from;
    return `${remote?.node.name}#${remote?.node.incarnation}:${this.envelope.correlation}`;
  }

  get reply(): ReplyPort {
    return this;
  }

  value(value: unknown, witness: Witness): void {
    try {
      this.answer((into) => writeValue(this.envelope.correlation, witness, value, this.serializer, into));
    } catch (error) {
      // The value cannot travel; what can be told is why.
      this.error(error);
    }
  }

  error(error: unknown): void {
    this.tell(() => this.answer((into) => writeError(this.envelope.correlation, error, this.serializer, into)));
  }

  reject(rejection: Rejection): void {
    const { correlation, target } = this.envelope;
    this.tell(() => this.send((into) => writeRejection(correlation, target, rejection, into)));
  }

  /** A caller that cannot be told anything any more learns at least that: its connection ends. */
  private tell(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.from.close(isMoonpoolError(error) ? error : new MoonpoolError('CONNECTION_LOST', { message: 'An answer could not be sent', cause: error }));
    }
  }

  private answer(write: (into: ByteWriter) => void): void {
    // A node without a lease says nothing: a newer activation may have answered otherwise by now.
    if (this.envelope.kind === EnvelopeKind.request && this.lease.held) this.send(write);
  }

  private send(write: (into: ByteWriter) => void): void {
    const { from } = this;
    if (from.isClosed) return;
    const into = from.begin(ACTOR_MESSAGE);
    try {
      write(into);
      from.end();
    } catch (error) {
      from.abandon();
      throw error;
    }
  }
}
