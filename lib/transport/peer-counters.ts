import type { LinkKind } from '../connection/link';
import type { PacketConnection } from '../connection/packet-connection';
import type { ReliableQueueDescription } from './reliable-queue';

/** How a link stands, for people; all counts since it was first used. */
export type PeerDescription = {
  /** `idle`: not in use. `connecting`, `connected`. `waits`: it failed, and is tried again later. */
  readonly state: string;
  /** The route of the present connection: `unix` on the same machine, or `tcp`; null while there is none. */
  readonly link: LinkKind | null;
  /** Who has opened the present connection; null while there is none. */
  readonly openedBy: 'this side' | 'the other side' | null;
  /** The incarnation at the other end; null while there is no connection. */
  readonly remote: string | null;
  /** How many bytes wait on the connection. */
  readonly queuedBytes: number;
  /** How many connections were attempted. */
  readonly attempts: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  /** How long the last ping took, in milliseconds; null before the first. Pings are sent into silence only. */
  readonly roundTripMs: number | null;
  readonly reliable: ReliableQueueDescription;
  readonly unreliable: { readonly dropped: number; readonly lost: number };
};

/** What the connections of a peer have carried, the present one included. */
export class PeerCounters {
  /** How many connections were attempted. */
  attempts = 0;
  private sentBytes = 0;
  private sentPackets = 0;
  private receivedBytes = 0;
  private receivedPackets = 0;
  private roundTripMs: number | null = null;

  /** Adds what a connection that is gone has carried. */
  keep(connection: PacketConnection): void {
    this.sentBytes += connection.traffic.sentBytes;
    this.sentPackets += connection.traffic.sentPackets;
    this.receivedBytes += connection.traffic.receivedBytes;
    this.receivedPackets += connection.traffic.receivedPackets;
    this.roundTripMs = connection.traffic.roundTripMs ?? this.roundTripMs;
  }

  describe(
    current: PacketConnection | undefined,
  ): Pick<
    PeerDescription,
    'attempts' | 'sentBytes' | 'sentPackets' | 'receivedBytes' | 'receivedPackets' | 'roundTripMs'
  > {
    return {
      attempts: this.attempts,
      sentBytes: this.sentBytes + (current?.traffic.sentBytes ?? 0),
      sentPackets: this.sentPackets + (current?.traffic.sentPackets ?? 0),
      receivedBytes: this.receivedBytes + (current?.traffic.receivedBytes ?? 0),
      receivedPackets: this.receivedPackets + (current?.traffic.receivedPackets ?? 0),
      roundTripMs: current?.traffic.roundTripMs ?? this.roundTripMs,
    };
  }
}
