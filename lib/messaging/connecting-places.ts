import type { Location } from '../directory/location-cache';
import type { PacketConnection } from '../connection/packet-connection';

/** Where calls were sent, while the connection is still being made that they wait for. */
export interface ConnectingPlace {
  readonly location: Location;
  readonly connection: PacketConnection;
}

/**
 * The places of actors whose calls wait for a connection. They may come back, when it cannot be made, and be sent elsewhere: so
 * a later call of the same actor must not go elsewhere before them.
 */
export class ConnectingPlaces {
  private readonly byConnection = new Map<PacketConnection, Map<string, Location>>();

  /** A call of the actor was sent. */
  note(path: string, location: Location, connection: PacketConnection): void {
    if (connection.isReady) return;
    const places = this.byConnection.get(connection);
    if (places === undefined) this.byConnection.set(connection, new Map([[path, location]]));
    else places.set(path, location);
  }

  /** Where earlier calls of the actor wait for a connection. */
  get(path: string): ConnectingPlace | undefined {
    if (this.byConnection.size === 0) return undefined;
    for (const [connection, places] of this.byConnection) {
      const location = places.get(path);
      if (connection.isReady || connection.isClosed) this.byConnection.delete(connection);
      else if (location !== undefined) return { location, connection };
    }
    return undefined;
  }
}
