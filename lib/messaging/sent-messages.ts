import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import { isMoonpoolError } from '../errors/moonpool-error';
import { wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { EnvelopeKind, writeRequest } from './envelope';

export const ACTOR_MESSAGE = wellKnownToken(WellKnownToken.actorMessage);

/**
 * Writes the call to the connection.
 * @param incarnation of the node that is meant.
 * @throws MoonpoolError CONNECTION_LOST, SEND_QUEUE_FULL, HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE
 */
export function writeCall(call: Call, incarnation: number, connection: PacketConnection, serializer: Serializer): void {
  const into = connection.begin(ACTOR_MESSAGE);
  try {
    writeRequest(
      {
        kind: call.isOneWay ? EnvelopeKind.oneWay : EnvelopeKind.request,
        correlation: call.correlation,
        incarnation,
        deadline: connection.clock.own(call.deadline),
        target: call.target.path,
        method: call.method,
        chain: call.chain,
        values: call.values,
        isCancellable: call.isCancellable,
        isAnsweredOnArrival: call.isAnsweredOnArrival,
        hops: call.hops,
        args: call.args,
      },
      serializer,
      into,
    );
    connection.end();
  } catch (error) {
    connection.abandon();
    throw error;
  }
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
