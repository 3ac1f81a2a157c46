import { isMoonpoolError } from '../errors/moonpool-error';
import { wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import { lost } from '../connection/loss';
import type { PacketConnection } from '../connection/packet-connection';
import type { Transport } from './transport';

const FAREWELL = wellKnownToken(WellKnownToken.farewell);

/**
 * The last word of a node that ends in order, on each of its connections: it has done nothing that it has not answered, and
 * will do nothing more. Whoever still waits for an answer then knows that it may ask elsewhere, which the mere end of a
 * connection would not tell. HTTP/2 ends its connections so, with the number of the last request that was looked at (RFC 9113, GOAWAY).
 */
export class Farewell {
  private readonly connections = new Set<PacketConnection>();
  private isBidden = false;

  constructor(transport: Transport) {
    transport.onConnectionReady((_remote, connection) => {
      this.connections.add(connection);
      // Who comes after it was said has the same right to know that nothing is done here any more.
      if (this.isBidden) say(connection);
    });
    transport.onConnectionLost((connection) => this.connections.delete(connection));
    transport.endpoints.register(FAREWELL, (_payload, from) => hear(from), 'nodes');
  }

  /** Says it, now and to all who connect later. Nothing that comes after that may be done. */
  bid(): void {
    this.isBidden = true;
    for (const connection of this.connections) say(connection);
  }
}

/** The other side will end the stream, and hears nothing that is sent from here on. */
function hear(connection: PacketConnection): void {
  connection.traffic.hasSeenFarewell = true;
  connection.endInOrder(
    lost(connection.remote?.node.name ?? 'the other side', 'it has ended, and had answered all that it did'),
    false,
  );
}

function say(connection: PacketConnection): void {
  try {
    connection.begin(FAREWELL);
    connection.end();
  } catch (error) {
    // Where no more bytes may wait it cannot be said, and the end of the connection must do.
    if (!isMoonpoolError(error)) throw error;
  }
}
