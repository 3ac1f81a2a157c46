import type { Uid } from '../identity/uid';
import { wellKnownNumber, WELL_KNOWN_TOKEN_COUNT } from '../identity/well-known-token';
import type { PacketConnection } from '../connection/packet-connection';

/** Receives the packets of one endpoint, and may answer on the connection by which they came. */
export type EndpointReceiver = (payload: Buffer, from: PacketConnection) => void;

/** Receives a packet whose endpoint does not take it. */
export type UnservedReceiver = (token: Uid, payload: Buffer, from: PacketConnection) => void;

/** Whose packets an endpoint takes: those of everyone who came through the handshake, or of nodes of the cluster alone. */
export type EndpointAudience = 'everyone' | 'nodes';

/** The endpoints of a node: the well-known ones in an array, others in a map. */
export class EndpointMap {
  private readonly wellKnown = new Array<EndpointReceiver | undefined>(WELL_KNOWN_TOKEN_COUNT);
  private readonly others = new Map<string, EndpointReceiver>();

  /**
   * @param onForbidden takes what a client sent to an endpoint that is for nodes.
   * @param onUnknown takes what was sent to an endpoint that does not exist.
   */
  constructor(
    private readonly onForbidden: UnservedReceiver,
    private onUnknown: UnservedReceiver,
  ) {}

  /** Hands the packet to its endpoint. */
  dispatch(token: Uid, payload: Buffer, from: PacketConnection): void {
    const receiver = this.receiverOf(token);
    if (receiver !== undefined) receiver(payload, from);
    else this.onUnknown(token, payload, from);
  }

  /** Answers what is sent to endpoints that do not exist, in place of whoever did so before. */
  registerUnknown(receiver: UnservedReceiver): void {
    this.onUnknown = receiver;
  }

  /** Serves the token with the receiver, in place of any before it. */
  register(token: Uid, receiver: EndpointReceiver, audience: EndpointAudience = 'everyone'): void {
    const number = wellKnownNumber(token);
    const guarded = audience === 'nodes' ? this.guard(token, receiver) : receiver;
    if (number < 0) this.others.set(token.toString(), guarded);
    else this.wellKnown[number] = guarded;
  }

  unregister(token: Uid): void {
    const number = wellKnownNumber(token);
    if (number < 0) this.others.delete(token.toString());
    else this.wellKnown[number] = undefined;
  }

  receiverOf(token: Uid): EndpointReceiver | undefined {
    const number = wellKnownNumber(token);
    return number < 0 ? this.others.get(token.toString()) : this.wellKnown[number];
  }

  private guard(token: Uid, receiver: EndpointReceiver): EndpointReceiver {
    return (payload, from) => {
      if (from.remote?.role === 'node') receiver(payload, from);
      else this.onForbidden(token, payload, from);
    };
  }
}
