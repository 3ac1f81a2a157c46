import type { HandshakeSide } from '../handshake/handshake-side';
import type { TransportOptions } from './transport-options';

/**
 * So many bytes of a packet are a heartbeat, fewer are not: a damaged length announces a packet that never ends, and
 * whatever comes would be taken for a part of it.
 */
const SIGN_OF_LIFE_BYTES = 256 * 1024;

/**
 * After how much silence, in intervals of pings, each side asks for a heartbeat. The acceptor hears the questions of the
 * dialler, one in each interval; it asks by itself only when they stay away.
 */
const SILENCE_BEFORE_PING: Readonly<Record<HandshakeSide, number>> = { dialler: 0.5, acceptor: 0.9 };

/** After how long without an answer one is asked for, whatever else is heard, in milliseconds. */
const ANSWER_WANTED_MS = 10_000;

/** What is to be done about a connection now: nothing, asking for a heartbeat, or giving it up. */
export type TrafficFinding = 'lives' | 'asks' | 'is silent';

/** What came and went on a connection, and when the other side was last heard. */
export class ConnectionTraffic {
  /** How many packets came, heartbeats and the greeting included. */
  receivedPackets = 0;
  receivedBytes = 0;
  /** How many packets were written, the greeting aside. */
  sentPackets = 0;
  sentBytes = 0;
  /** How long the last answered ping took, in milliseconds; undefined before the first. */
  roundTripMs: number | undefined;
  /** Something else than heartbeats came or went since the last look. */
  isUsed = false;
  /** The other side has ended, and said that it had answered all that it did. */
  hasSeenFarewell = false;
  private usedAt: number;
  private isAtRest = false;
  private wokenAt = Number.NEGATIVE_INFINITY;
  private answeredAt: number;
  private packetsWhenHeard = 0;
  /** Bytes that have arrived since the last whole packet, or since they were taken for a heartbeat. */
  private unfinishedBytes = 0;
  /** For how long this process has stood still since the other side was heard. */
  private excusedMs = 0;

  /** @param lastHeardAt when the connection began, in milliseconds of the monotonic clock. */
  constructor(private lastHeardAt: number) {
    this.usedAt = lastHeardAt;
    this.answeredAt = lastHeardAt;
  }

  /** Notes bytes, after the packets in them were counted. */
  received(bytes: number, now: number): void {
    this.receivedBytes += bytes;
    this.unfinishedBytes = this.packetsWhenHeard === this.receivedPackets ? this.unfinishedBytes + bytes : 0;
    this.packetsWhenHeard = this.receivedPackets;
    if (this.unfinishedBytes > 0 && this.unfinishedBytes < SIGN_OF_LIFE_BYTES) return;
    this.unfinishedBytes = 0;
    this.excusedMs = 0;
    this.lastHeardAt = now;
  }

  wrote(packets: number, bytes: number): void {
    this.sentPackets += packets;
    this.sentBytes += bytes;
  }

  /** For how long nothing was heard that should have been, in milliseconds. */
  silentMs(now: number): number {
    return now - Math.max(this.lastHeardAt, this.wokenAt) - this.excusedMs;
  }

  /** This process stood still for so long: the other side could not be heard, and may have had to wait for it. */
  excuse(standstillMs: number, now: number): void {
    // What was heard since then has ended the silence already.
    this.excusedMs = Math.min(this.excusedMs + standstillMs, now - this.lastHeardAt);
    this.answeredAt = Math.min(this.answeredAt + standstillMs, now);
  }

  /** Looks at the connection, which its owner does once in an interval of pings. */
  examine(now: number, options: TransportOptions, side: HandshakeSide): TrafficFinding {
    const slowness = this.isResting(now, options.silenceLimitMs) ? options.restingFactor : 1;
    const silentMs = this.silentMs(now);
    if (silentMs > options.silenceLimitMs * slowness) return 'is silent';
    const isHeard = silentMs < options.pingIntervalMs * slowness * SILENCE_BEFORE_PING[side];
    // Where there is always something to hear, the clock of the other side is asked for now and then all the same.
    return isHeard && now - this.answeredAt < ANSWER_WANTED_MS * slowness ? 'lives' : 'asks';
  }

  /** @param tookMs how long the answer took. */
  pingAnswered(tookMs: number, now: number): void {
    this.roundTripMs = tookMs;
    this.answeredAt = now;
  }

  /**
   * Looks whether the connection rests: nobody has used it for so long, in milliseconds, and the other side was heard since
   * then. One that is used again is given time to show that it lives, for while it rested it was asked seldom.
   */
  private isResting(now: number, restsAfterMs: number): boolean {
    if (this.isUsed) {
      if (this.isAtRest) {
        this.wokenAt = now;
        this.excusedMs = 0;
      }
      this.usedAt = now;
      this.isUsed = false;
    }
    this.isAtRest = now - this.usedAt >= restsAfterMs && this.lastHeardAt > this.usedAt;
    return this.isAtRest;
  }
}
