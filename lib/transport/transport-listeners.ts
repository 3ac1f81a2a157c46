import type { PacketConnection } from '../connection/packet-connection';
import type { MoonpoolError } from '../errors/moonpool-error';
import type { Hello } from '../handshake/hello';
import type { UndeliveredMessage } from './reliable-queue';

/** Is told whom a connection is with, once both sides have greeted. */
export type ConnectionReadyListener = (remote: Hello, connection: PacketConnection) => void;

/** Learns when a connection is gone, with everything that was sent on it. */
export type ConnectionLossListener = (connection: PacketConnection, error: MoonpoolError) => void;

/** Is notified of reliable messages to an address that were given up, with why: MESSAGE_UNDELIVERED. */
export type UndeliveryListener = (
  address: string,
  messages: readonly UndeliveredMessage[],
  error: MoonpoolError,
) => void;

/** Who learns what happens to the connections of a transport, in the order in which they asked. */
export class TransportListeners {
  private readonly ofReady: ConnectionReadyListener[] = [];
  private readonly ofLoss: ConnectionLossListener[] = [];
  private readonly ofUndelivery: UndeliveryListener[] = [];
  private readyConnections = 0;

  addReady(listener: ConnectionReadyListener): void {
    this.ofReady.push(listener);
  }

  addLoss(listener: ConnectionLossListener): void {
    this.ofLoss.push(listener);
  }

  addUndelivery(listener: UndeliveryListener): void {
    this.ofUndelivery.push(listener);
  }

  /** Gives a connection that became ready its place among the others, before anybody is notified of it. */
  number(connection: PacketConnection): void {
    connection.order = ++this.readyConnections;
  }

  tellReady(connection: PacketConnection): void {
    const { remote } = connection;
    if (remote !== undefined) for (const listener of this.ofReady) listener(remote, connection);
  }

  tellLoss(connection: PacketConnection, error: MoonpoolError): void {
    for (const listener of this.ofLoss) listener(connection, error);
  }

  tellUndelivery(address: string, messages: readonly UndeliveredMessage[], error: MoonpoolError): void {
    for (const listener of this.ofUndelivery) listener(address, messages, error);
  }
}
