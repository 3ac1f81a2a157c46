import type { PacketConnection } from '../connection/packet-connection';

/** By which connection a process sends its requests at present. */
interface SenderRoute {
  /** The order of the connection. */
  order: number;
  /** How many connections of the process are open by which requests have come. */
  open: number;
}

/**
 * Knows what comes too late. A process sends its requests by one connection and, when that is lost, by a later one; it never goes
 * back. But what it sent last by the old one may still be on its way, behind what came by the new one: such a request would
 * be served out of order, and its caller has learned that its connection is lost.
 */
export class SenderConnections {
  private readonly byConnection = new Map<PacketConnection, SenderRoute>();
  private readonly bySender = new Map<string, SenderRoute>();
  private latest: PacketConnection | undefined;
  private latestRoute: SenderRoute | undefined;

  /** @param senderOf who sends by the connection, as a key of maps: connections of one sender follow each other. */
  constructor(private readonly senderOf: (connection: PacketConnection) => string) {}

  /** Of how many connections that are gone something is kept. */
  get gone(): number {
    return [...this.byConnection.keys()].filter(({ isClosed }) => isClosed).length;
  }

  /** True when a request came by a connection that its sender has left for another. */
  isLate(from: PacketConnection): boolean {
    const route = this.latest === from && this.latestRoute !== undefined ? this.latestRoute : this.routeOf(from);
    this.latest = from;
    this.latestRoute = route;
    if (from.order < route.order) return true;
    route.order = from.order;
    return false;
  }

  /** Nothing comes by the connection any more. */
  forget(connection: PacketConnection): void {
    const route = this.byConnection.get(connection);
    if (route === undefined) return;
    if (this.latest === connection) this.latest = undefined;
    this.byConnection.delete(connection);
    route.open--;
    if (route.open === 0) this.bySender.delete(this.senderOf(connection));
  }

  private routeOf(from: PacketConnection): SenderRoute {
    const known = this.byConnection.get(from);
    if (known !== undefined) return known;
    const sender = this.senderOf(from);
    const route = this.bySender.get(sender) ?? { order: 0, open: 0 };
    route.open++;
    this.bySender.set(sender, route);
    this.byConnection.set(from, route);
    return route;
  }
}
