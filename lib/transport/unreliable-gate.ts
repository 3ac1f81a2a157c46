import type { Uid } from '../identity/uid';
import type { ByteWriter } from '../serialization/byte-writer';
import type { PacketConnection } from '../connection/packet-connection';
import type { TransportOptions } from '../connection/transport-options';

/** Lets unreliable packets through to a connection while little waits there; the newest are dropped when much does. */
export class UnreliableGate {
  /** How many packets were dropped instead of being sent. */
  dropped = 0;
  /** How many packets waited on a connection that was lost before they were written. */
  lost = 0;
  /** How many packets wait in the batch of that number, on the connection that was used last. */
  private waiting = 0;
  private batch = 0;

  constructor(private readonly options: TransportOptions) {}

  /** @throws MoonpoolError PACKET_TOO_LARGE */
  send(connection: PacketConnection | undefined, token: Uid, write: (into: ByteWriter) => void): boolean {
    if (connection === undefined || this.isFull(connection)) {
      this.dropped++;
      return false;
    }
    // What another one has begun is not this one's to take back.
    const into = connection.begin(token);
    try {
      write(into);
    } catch (error) {
      connection.abandon();
      throw error;
    }
    connection.end();
    this.waiting++;
    return true;
  }

  /** The connection is gone, with what waited on it. */
  connectionLost(connection: PacketConnection): void {
    if (!connection.mayHaveLeft(this.batch)) this.lost += this.waiting;
    this.waiting = 0;
    this.batch = 0;
  }

  private isFull(connection: PacketConnection): boolean {
    const { maxUnreliablePackets, maxUnreliableBytes, maxQueuedBytes } = this.options;
    if (connection.currentBatch !== this.batch) {
      this.batch = connection.currentBatch;
      this.waiting = 0;
    }
    return (
      this.waiting >= maxUnreliablePackets || connection.queuedBytes >= Math.min(maxUnreliableBytes, maxQueuedBytes)
    );
  }
}
