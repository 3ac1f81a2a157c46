/**
 * So many bytes of a packet are a sign of life, fewer are not: a damaged length announces a packet that never ends, and
 * whatever comes would be taken for a part of it.
 */
const SIGN_OF_LIFE_BYTES = 256 * 1024;

/** What came and went on a connection, and when the other side was last heard. */
export class ConnectionTraffic {
  /** How many packets came, signs of life and the greeting included. */
  receivedPackets = 0;
  receivedBytes = 0;
  /** How many packets were written, the greeting aside. */
  sentPackets = 0;
  sentBytes = 0;
  /** How long the last answered ping took, in milliseconds; undefined before the first. */
  roundTripMs: number | undefined;
  private pingedAt: number | undefined;
  private packetsWhenHeard = 0;
  /** Bytes that have arrived since the last whole packet, or since they were taken for a sign of life. */
  private unfinishedBytes = 0;

  /** @param lastHeardAt when the connection began, in milliseconds of the monotonic clock. */
  constructor(private lastHeardAt: number) {}

  /** Notes bytes, after the packets in them were counted. */
  received(bytes: number, now: number): void {
    this.receivedBytes += bytes;
    this.unfinishedBytes = this.packetsWhenHeard === this.receivedPackets ? this.unfinishedBytes + bytes : 0;
    this.packetsWhenHeard = this.receivedPackets;
    if (this.unfinishedBytes > 0 && this.unfinishedBytes < SIGN_OF_LIFE_BYTES) return;
    this.unfinishedBytes = 0;
    this.lastHeardAt = now;
  }

  wrote(packets: number, bytes: number): void {
    this.sentPackets += packets;
    this.sentBytes += bytes;
  }

  /** For how long nothing was heard, in milliseconds. */
  silentMs(now: number): number {
    return now - this.lastHeardAt;
  }

  pinged(now: number): void {
    this.pingedAt = now;
  }

  pingAnswered(now: number): void {
    if (this.pingedAt === undefined) return;
    this.roundTripMs = now - this.pingedAt;
    this.pingedAt = undefined;
  }
}
