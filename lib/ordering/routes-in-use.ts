import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import type { Location } from '../directory/location-cache';

/** Where calls of an actor were sent that have no answer yet. */
export interface RouteInUse {
  readonly location: Location;
  readonly connection: PacketConnection;
  calls: number;
}

/**
 * The places to which calls of actors are under way. As long as there are any, later calls of the same actor follow them, whatever
 * is learnt about its place meanwhile: sent elsewhere they could overtake. When the place is the wrong one, all of them come back.
 */
export class RoutesInUse {
  private readonly byPath = new Map<string, RouteInUse>();

  /** To how many actors calls are under way. */
  get size(): number {
    return this.byPath.size;
  }

  /** Where earlier calls of the actor went that have no answer yet. */
  get(path: string): RouteInUse | undefined {
    // Where all actors are near there are none, and each call asks.
    const route = this.byPath.size === 0 ? undefined : this.byPath.get(path);
    return route?.connection.isClosed === true ? undefined : route;
  }

  /** The call was sent. */
  begin({ target }: Call, location: Location, connection: PacketConnection): void {
    const route = this.byPath.get(target.path);
    if (route?.connection === connection) route.calls++;
    else this.byPath.set(target.path, { location, connection, calls: 1 });
  }

  /** No answer is expected any more from where the call was sent. */
  end({ target, connection }: Call): void {
    const route = this.byPath.get(target.path);
    if (route === undefined || route.connection !== connection) return;
    route.calls--;
    if (route.calls === 0) this.byPath.delete(target.path);
  }
}
