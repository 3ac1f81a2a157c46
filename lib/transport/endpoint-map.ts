import type { Uid } from '../identity/uid';
import { wellKnownNumber, WELL_KNOWN_TOKEN_COUNT } from '../identity/well-known-token';
import type { PacketConnection } from './packet-connection';

/** Receives the packets of one endpoint, and may answer on the connection by which they came. */
export type EndpointReceiver = (payload: Buffer, from: PacketConnection) => void;

/** The endpoints of a node: the well-known ones in an array, others in a map. */
export class EndpointMap {
  private readonly wellKnown = new Array<EndpointReceiver | undefined>(WELL_KNOWN_TOKEN_COUNT);
  private readonly others = new Map<string, EndpointReceiver>();

  /** Serves the token with the receiver, in place of any before it. */
  register(token: Uid, receiver: EndpointReceiver): void {
    const number = wellKnownNumber(token);
    if (number < 0) this.others.set(token.toString(), receiver);
    else this.wellKnown[number] = receiver;
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
}
