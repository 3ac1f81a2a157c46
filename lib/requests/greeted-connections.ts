import type { PacketConnection } from '../connection/packet-connection';
import type { MoonpoolError } from '../errors/moonpool-error';
import type { Transport } from '../transport/transport';

/** Somebody who waits for the other side of a connection to greet. */
export interface GreetingWaiter {
  /** It has: what it can do is known. */
  onGreeted(): void;
  /** The connection is gone, and nothing was sent on it. */
  onLost(error: MoonpoolError): void;
}

/** What is sent only to who can take it waits here until the other side of its connection has said what it can do. */
export class GreetedConnections {
  private readonly waiting = new Map<PacketConnection, GreetingWaiter[]>();

  constructor(transport: Transport) {
    transport.onConnectionReady((_remote, connection) => {
      for (const waiter of this.take(connection)) waiter.onGreeted();
    });
    transport.onConnectionLost((connection, error) => {
      for (const waiter of this.take(connection)) waiter.onLost(error);
    });
  }

  /** @param connection whose other side has not greeted yet. */
  wait(connection: PacketConnection, waiter: GreetingWaiter): void {
    const waiting = this.waiting.get(connection);
    if (waiting === undefined) this.waiting.set(connection, [waiter]);
    else waiting.push(waiter);
  }

  private take(connection: PacketConnection): readonly GreetingWaiter[] {
    const waiting = this.waiting.get(connection) ?? [];
    this.waiting.delete(connection);
    return waiting;
  }
}
