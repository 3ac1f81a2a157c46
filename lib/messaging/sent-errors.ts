import { isMoonpoolError } from '../errors/moonpool-error';
import type { PacketConnection } from '../connection/packet-connection';
import { tellError } from '../serialization/error-forms';
import type { Serializer } from '../serialization/serializer';
import { writeError, writePlainFailure } from './envelope-writer';
import { sendMessage } from './sent-messages';

/** True when the connection takes nothing at all, however short. */
export function isRouteBlocked(error: unknown): boolean {
  return isMoonpoolError(error, 'SEND_QUEUE_FULL') || isMoonpoolError(error, 'CONNECTION_LOST');
}

/**
 * Answers a request with an error, in the fullest form that can be sent.
 * @param whose what failed, as the beginning of a sentence.
 * @throws MoonpoolError SEND_QUEUE_FULL, CONNECTION_LOST
 */
export function sendError(
  connection: PacketConnection,
  correlation: number,
  error: unknown,
  whose: string,
  serializer: Serializer,
): void {
  tellError(error, whose, {
    record: (record) => sendMessage(connection, (into) => writeError(correlation, record, serializer, into)),
    plain: (failure) => sendMessage(connection, (into) => writePlainFailure(correlation, failure, into)),
    isBlocked: isRouteBlocked,
  });
}
