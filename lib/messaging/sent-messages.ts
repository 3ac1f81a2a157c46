import type { OutgoingRequest } from '../calls/outgoing-request';
import type { PacketConnection } from '../connection/packet-connection';
import { isMoonpoolError } from '../errors/moonpool-error';
import { wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { EnvelopeKind, type RequestEnvelope } from './envelope';
import { writeRequest } from './envelope-writer';

export const ACTOR_MESSAGE = wellKnownToken(WellKnownToken.actorMessage);

/**
 * Writes the request to the connection.
 * @param incarnation of the node that is meant.
 * @throws MoonpoolError CONNECTION_LOST, SEND_QUEUE_FULL, HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE
 */
export function writeCall(
  request: OutgoingRequest,
  incarnation: number,
  connection: PacketConnection,
  serializer: Serializer,
): void {
  const into = connection.begin(ACTOR_MESSAGE);
  try {
    writeRequest(envelopeOf(request, incarnation, connection.clock.own(request.deadline)), serializer, into);
    connection.end();
  } catch (error) {
    connection.abandon();
    throw error;
  }
}

/** The request as it travels. @param deadline by the clock of the connection. */
export function envelopeOf(request: OutgoingRequest, incarnation: number, deadline: number): RequestEnvelope {
  return {
    kind: request.isOneWay ? EnvelopeKind.oneWay : EnvelopeKind.request,
    correlation: request.correlation,
    incarnation,
    deadline,
    target: request.target.path,
    method: request.method,
    chain: request.chain,
    values: request.values,
    isCancellable: request.isCancellable,
    isAnsweredOnArrival: request.isAnsweredOnArrival,
    idempotencyKey: request.idempotencyKey,
    classVersion: request.classVersion,
    hops: request.hops,
    args: request.args,
  };
}

/** Sends one actor message. @throws MoonpoolError SEND_QUEUE_FULL, CONNECTION_LOST, PACKET_TOO_LARGE, and what writing it throws; then nothing of it is sent */
export function sendMessage(connection: PacketConnection, write: (into: ByteWriter) => void): void {
  const into = connection.begin(ACTOR_MESSAGE);
  try {
    write(into);
    connection.end();
  } catch (error) {
    // A packet that stays begun would be in the way of all that follow it on the connection.
    connection.abandon();
    throw error;
  }
}

/** Sends what is not missed when it cannot be sent. */
export function tell(connection: PacketConnection, write: (into: ByteWriter) => void): void {
  if (connection.isClosed) return;
  try {
    sendMessage(connection, write);
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
  }
}
