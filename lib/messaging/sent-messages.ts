import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import { isMoonpoolError } from '../errors/moonpool-error';
import { wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { EnvelopeKind, writeRequest, type RequestEnvelope } from './envelope';

export const ACTOR_MESSAGE = wellKnownToken(WellKnownToken.actorMessage);

/**
 * Writes the call to the connection.
 * @param incarnation of the node that is meant.
 * @throws MoonpoolError CONNECTION_LOST, SEND_QUEUE_FULL, HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE
 */
export function writeCall(call: Call, incarnation: number, connection: PacketConnection, serializer: Serializer): void {
  const into = connection.begin(ACTOR_MESSAGE);
  try {
    writeRequest(envelopeOf(call, incarnation, connection.clock.own(call.deadline)), serializer, into);
    connection.end();
  } catch (error) {
    connection.abandon();
    throw error;
  }
}

/** The call as it travels. @param deadline by the clock of the connection. */
export function envelopeOf(call: Call, incarnation: number, deadline: number): RequestEnvelope {
  return {
    kind: call.isOneWay ? EnvelopeKind.oneWay : EnvelopeKind.request,
    correlation: call.correlation,
    incarnation,
    deadline,
    target: call.target.path,
    method: call.method,
    chain: call.chain,
    values: call.values,
    isCancellable: call.isCancellable,
    isAnsweredOnArrival: call.isAnsweredOnArrival,
    hops: call.hops,
    args: call.args,
  };
}

/** Sends what is not missed when it cannot be sent. */
export function tell(connection: PacketConnection, write: (into: ByteWriter) => void): void {
  if (connection.isClosed) return;
  try {
    write(connection.begin(ACTOR_MESSAGE));
    connection.end();
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
  }
}
