import type { PacketConnection } from '../connection/packet-connection';

/** A request of another process that is served here. */
export interface ServedRequest {
  /** The connection by which it came, and by which its answer goes back. */
  readonly connection: PacketConnection;
  /** The number that its sender has given to it, on that connection. */
  readonly correlation: number;
}

/** The requests of other processes that are not answered yet and of which their senders may say more, by connection and number. */
export class UnansweredRequests<R extends ServedRequest> {
  private readonly byConnection = new Map<PacketConnection, Map<number, R>>();

  /** How many there are. */
  get size(): number {
    return [...this.byConnection.values()].reduce((sum, requests) => sum + requests.size, 0);
  }

  add(request: R): void {
    const { connection, correlation } = request;
    const requests = this.byConnection.get(connection);
    if (requests === undefined) this.byConnection.set(connection, new Map([[correlation, request]]));
    else requests.set(correlation, request);
  }

  get(connection: PacketConnection, correlation: number): R | undefined {
    return this.byConnection.get(connection)?.get(correlation);
  }

  /** Does nothing when another one has taken its number. */
  remove(request: R): void {
    const requests = this.byConnection.get(request.connection);
    if (requests?.get(request.correlation) !== request) return;
    requests.delete(request.correlation);
    if (requests.size === 0) this.byConnection.delete(request.connection);
  }

  /** The connection is gone: nothing comes by it any more, and no answer goes back. @returns those that came by it. */
  forget(connection: PacketConnection): readonly R[] {
    const requests = this.byConnection.get(connection);
    this.byConnection.delete(connection);
    return requests === undefined ? NONE : [...requests.values()];
  }
}

const NONE: readonly never[] = [];
