import type { Location } from '../directory/location-cache';
import type { PacketConnection } from '../connection/packet-connection';

/** Where messages were sent, while the connection is still being made that they wait for. */
export interface ConnectingRoute {
  readonly location: Location;
  readonly connection: PacketConnection;
}

/**
 * The places of actors whose one-way messages wait for a connection. They may come back, when it cannot be made, and be sent
 * elsewhere: so what is sent later must not go elsewhere before them. Once they have left nothing comes back, and nobody knows more.
 */
export class ConnectingRoutes {
  private readonly byConnection = new Map<PacketConnection, Map<string, Location>>();

  /** A message was sent to the actor. */
  note(path: string, location: Location, connection: PacketConnection): void {
    if (connection.isReady) return;
    const places = this.byConnection.get(connection);
    if (places === undefined) this.byConnection.set(connection, new Map([[path, location]]));
    else places.set(path, location);
  }

  /** Where earlier messages to the actor wait for a connection. */
  get(path: string): ConnectingRoute | undefined {
    if (this.byConnection.size === 0) return undefined;
    for (const [connection, places] of this.byConnection) {
      const location = places.get(path);
      if (connection.isReady || connection.isClosed) this.byConnection.delete(connection);
      else if (location !== undefined) return { location, connection };
    }
    return undefined;
  }
}
