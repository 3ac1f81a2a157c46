import { isMoonpoolError, type MoonpoolError } from '../errors/moonpool-error';
import type { Uid } from '../identity/uid';
import { isRefusal } from '../handshake/refusal';
import type { PacketConnection } from '../connection/packet-connection';
import type { RefusalLog } from '../observability/refusal-log';

/** What a transport tells people of packets and connections that it does not take. */
export class TransportRefusals {
  constructor(private readonly log: RefusalLog) {}

  /** Nobody serves the endpoint. */
  unknownEndpoint(token: Uid, from: PacketConnection): void {
    this.log.note('a packet came for an endpoint that does not exist', from, () => ({
      fields: { token: token.toString(), from: from.remote?.node.name },
    }));
  }

  /**
   * The connection is gone. Told are those that were cut because of what came on them: a connection that is merely lost is
   * nothing special.
   * @param host where it came from, if others have opened it. Whoever is cut comes by a new connection, so that is who is to blame.
   */
  connectionGone({ remote }: PacketConnection, host: string | undefined, error: MoonpoolError): void {
    const from = host ?? remote?.node.name ?? 'the other side';
    // What this process dialled is told to whoever called.
    if (host !== undefined && isRefusal(error)) this.refused(host, error);
    const { cause } = error;
    if (!isUnreadable(cause)) return;
    this.log.note('a connection was cut, for what came on it could not be read', from, () => ({
      error: cause,
      fields: { from, node: remote?.node.name },
    }));
  }

  /** Somebody did not get in: with another secret, another cluster, a certificate of another authority, an incarnation that is dead. */
  refused(host: string, error: MoonpoolError): void {
    const kind =
      error.code === 'HANDSHAKE_REFUSED'
        ? 'a connection was refused'
        : 'a connection was refused, for it did not prove that it belongs to the cluster';
    this.log.note(kind, host, () => ({ error, fields: { from: host } }));
  }
}

/** What came was no packet of ours, or one that no sound process sends. */
function isUnreadable(cause: unknown): boolean {
  return (
    isMoonpoolError(cause, 'CORRUPT_PACKET') ||
    isMoonpoolError(cause, 'MALFORMED_PAYLOAD') ||
    isMoonpoolError(cause, 'PACKET_TOO_LARGE')
  );
}
