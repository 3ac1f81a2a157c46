import type { TimeProvider } from '../providers/time-provider';
import type { HandshakeSide } from '../handshake/handshake-side';
import type { ConnectionTraffic } from './connection-traffic';
import type { RemoteClock } from './remote-clock';
import type { TransportOptions } from './transport-options';

/** The kinds of pings; the first byte of each. */
const PingKind = { asks: 0, answers: 1, asksClock: 2, tellsClock: 3 } as const;
/** A ping may carry a number, with which its answer is told to whoever asked. */
const NUMBERED_PING_BYTES = 9;
const CLOCK_QUESTION_BYTES = 9;
const CLOCK_ANSWER_BYTES = 17;
/** Stands for the moment of the question in a clock that is told unasked. */
const UNASKED = -1;

/** What a heartbeat needs from its connection. */
export interface HeartbeatParts {
  readonly side: HandshakeSide;
  readonly options: TransportOptions;
  readonly time: TimeProvider;
  readonly traffic: ConnectionTraffic;
  readonly clock: RemoteClock;
  /** Sends a ping of this payload. */
  readonly send: (payload: Uint8Array) => void;
}

/** Whether the other side of a connection lives: asks for heartbeats, and answers when it is asked. */
export class Heartbeat {
  constructor(private readonly parts: HeartbeatParts) {}

  /** Asks, when it was silent for a while. @param standstillMs for how long this process has stood still since the last time. @returns why the connection is to be cut; undefined while it is to live. */
  tick(standstillMs: number): string | undefined {
    const { side, options, time, traffic } = this.parts;
    const now = time.now();
    if (standstillMs > 0) traffic.excuse(standstillMs, now);
    const finding = traffic.examine(now, options, side);
    if (finding === 'asks') this.parts.send(ping(PingKind.asksClock, this.parts.clock.own(now)));
    return finding === 'is silent' ? `nothing was heard for ${Math.round(traffic.silentMs(now))} ms` : undefined;
  }

  /** What is said first on a connection: the clock by which deadlines are told. */
  begin(): Uint8Array {
    return ping(PingKind.tellsClock, UNASKED, this.parts.clock.own(this.parts.time.now()));
  }

  /** Takes a ping. False when it is the answer to somebody else's question, which bears a number. */
  receive(payload: Buffer): boolean {
    const { send, time, clock } = this.parts;
    const now = time.now();
    switch (payload[0]) {
      case PingKind.asks:
        send(
          payload.length === NUMBERED_PING_BYTES
            ? Buffer.concat([ping(PingKind.answers), payload.subarray(1)])
            : ping(PingKind.answers),
        );
        return true;
      case PingKind.asksClock:
        if (payload.length === CLOCK_QUESTION_BYTES)
          send(ping(PingKind.tellsClock, payload.readDoubleLE(1), clock.own(now)));
        return true;
      case PingKind.tellsClock:
        if (payload.length === CLOCK_ANSWER_BYTES) this.onClock(payload.readDoubleLE(1), payload.readDoubleLE(9), now);
        return true;
      default:
        return payload.length !== NUMBERED_PING_BYTES;
    }
  }

  private onClock(askedAt: number, shown: number, now: number): void {
    const { clock, traffic } = this.parts;
    const tookMs = clock.own(now) - askedAt;
    // Nobody can have been asked in the future.
    if (!Number.isFinite(shown) || !(tookMs >= 0)) return;
    clock.told(askedAt, shown, now);
    if (askedAt >= 0) traffic.pingAnswered(tookMs, now);
  }
}

function ping(kind: number, ...numbers: readonly number[]): Uint8Array {
  const payload = Buffer.alloc(1 + 8 * numbers.length);
  payload[0] = kind;
  for (const [at, number] of numbers.entries()) payload.writeDoubleLE(number, 1 + 8 * at);
  return payload;
}
