import type { PacketConnection } from '../connection/packet-connection';

/** By which connection a process sends its requests at present. */
interface SenderRoad {
  /** The order of the connection. */
  order: number;
  /** How many connections of the process are open by which requests have come. */
  open: number;
}

/**
 * Knows what comes too late. A process sends its requests by one connection and, when that is lost, by a later one; it never goes
 * back. But what it sent last by the old one may still be on its way, behind what came by the new one: such a request would
 * be served out of order, and its caller has been told that its connection is lost.
 */
export class SenderRoads {
  private readonly byConnection = new Map<PacketConnection, SenderRoad>();
  private readonly bySender = new Map<string, SenderRoad>();
  private latest: PacketConnection | undefined;
  private latestRoad: SenderRoad | undefined;

  /** Of how many connections that are gone something is kept. */
  get gone(): number {
    return [...this.byConnection.keys()].filter(({ isClosed }) => isClosed).length;
  }

  /** True when a request came by a connection that its sender has left for another. */
  isLate(from: PacketConnection): boolean {
    const road = this.latest === from && this.latestRoad !== undefined ? this.latestRoad : this.roadOf(from);
    this.latest = from;
    this.latestRoad = road;
    if (from.order < road.order) return true;
    road.order = from.order;
    return false;
  }

  /** Nothing comes by the connection any more. */
  forget(connection: PacketConnection): void {
    const road = this.byConnection.get(connection);
    if (road === undefined) return;
    if (this.latest === connection) this.latest = undefined;
    this.byConnection.delete(connection);
    road.open--;
    if (road.open === 0) this.bySender.delete(senderOf(connection));
  }

  private roadOf(from: PacketConnection): SenderRoad {
    const known = this.byConnection.get(from);
    if (known !== undefined) return known;
    const sender = senderOf(from);
    const road = this.bySender.get(sender) ?? { order: 0, open: 0 };
    road.open++;
    this.bySender.set(sender, road);
    this.byConnection.set(from, road);
    return road;
  }
}

function senderOf({ remote }: PacketConnection): string {
  return remote?.identity ?? '';
}
