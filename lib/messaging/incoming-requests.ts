import type { PacketConnection } from '../connection/packet-connection';
import type { RemoteRequest } from './remote-request';

/** The requests of other nodes that are not answered yet and that their callers may cancel, by connection and number. */
export class IncomingRequests {
  private readonly byConnection = new Map<PacketConnection, Map<number, RemoteRequest>>();

  /** How many there are. */
  get size(): number {
    return [...this.byConnection.values()].reduce((sum, requests) => sum + requests.size, 0);
  }

  add(request: RemoteRequest): void {
    const { connection, correlation } = request;
    const requests = this.byConnection.get(connection);
    if (requests === undefined) this.byConnection.set(connection, new Map([[correlation, request]]));
    else requests.set(correlation, request);
  }

  get(connection: PacketConnection, correlation: number): RemoteRequest | undefined {
    return this.byConnection.get(connection)?.get(correlation);
  }

  remove({ connection, correlation }: RemoteRequest): void {
    const requests = this.byConnection.get(connection);
    requests?.delete(correlation);
    if (requests?.size === 0) this.byConnection.delete(connection);
  }

  /** The connection is gone: nothing comes by it any more. */
  forget(connection: PacketConnection): void {
    this.byConnection.delete(connection);
  }
}
