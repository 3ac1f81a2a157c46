import type { TimeProvider } from '../providers/time-provider';
import type { HandshakeSide } from './handshake-side';
import type { ConnectionTraffic } from './connection-traffic';
import type { TransportOptions } from './transport-options';

const PING_ASKS = 0;
const PING_ANSWERS = 1;
/** A ping may carry a number, with which its answer is told to whoever asked. */
const NUMBERED_PING_BYTES = 9;

/** What a pulse needs from its connection. */
export interface PulseParts {
  readonly side: HandshakeSide;
  readonly options: TransportOptions;
  readonly time: TimeProvider;
  readonly traffic: ConnectionTraffic;
  /** Sends a ping of this kind, with the bytes of its number if it has one. */
  readonly send: (kind: number, number?: Uint8Array) => void;
}

/** Whether the other side of a connection lives: asks for signs of life, and answers when it is asked. */
export class Pulse {
  constructor(private readonly parts: PulseParts) {}

  /** Asks, when it was silent for a while. Returns why the connection is to be cut; undefined while it is to live. */
  tick(): string | undefined {
    const { side, options, time, traffic } = this.parts;
    const now = time.now();
    const finding = traffic.examine(now, options, side);
    if (finding === 'asks') this.parts.send(PING_ASKS);
    return finding === 'is silent' ? `nothing was heard for ${Math.round(traffic.silentMs(now))} ms` : undefined;
  }

  /** Takes a ping. False when it is the answer to somebody else's question, which bears a number. */
  receive(payload: Buffer): boolean {
    const isNumbered = payload.length === NUMBERED_PING_BYTES;
    if (payload[0] === PING_ASKS) this.parts.send(PING_ANSWERS, isNumbered ? payload.subarray(1) : undefined);
    else if (isNumbered) return false;
    else this.parts.traffic.pingAnswered(this.parts.time.now());
    return true;
  }
}
