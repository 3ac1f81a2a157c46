import { MoonpoolError } from '../errors/moonpool-error';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { Transport } from '../transport/transport';
import type { ReplyFuture } from './reply-future';
import { SERVER_IS_GONE } from './unsent-request';

/** What the repetition of requests needs from their transport. */
export interface RepeatedRequestsParts {
  readonly transport: Transport;
  readonly time: TimeProvider;
  /** All requests that have not ended. */
  readonly open: () => readonly ReplyFuture[];
  /** Sends one again. */
  readonly transmit: (future: ReplyFuture) => void;
  readonly fail: (future: ReplyFuture, error: unknown) => void;
}

/** Requests that may be handled more than once, and have no connection at present: each address has a moment at which they are sent again. */
export class RepeatedRequests {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly parts: RepeatedRequestsParts) {}

  /** Sends it again when its address may be tried again, unless that was out of reach for too long. */
  repeatLater(future: ReplyFuture, cause: unknown, atLeastMs = 0): void {
    const { endpoint, unlessFailedForMs } = future.parts;
    const peer = this.parts.transport.peer(endpoint.address);
    const now = this.parts.time.now();
    const failedForMs = peer.failedSince === undefined ? 0 : now - peer.failedSince;
    if (failedForMs >= unlessFailedForMs) {
      const message = `${future.describe()} was given up: nothing could be sent there for ${Math.round(failedForMs)} ms`;
      const { executed } = future;
      const gone = { message, executed, remedy: SERVER_IS_GONE, cause };
      this.parts.fail(future, new MoonpoolError('NODE_UNREACHABLE', gone));
      return;
    }
    const delayMs = Math.max(atLeastMs, Math.min(peer.retryInMs, unlessFailedForMs - failedForMs));
    this.repeatAt(endpoint.address, delayMs, cause);
  }

  /** Repeats nothing any more. */
  stop(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  private repeatAt(address: string, delayMs: number, cause: unknown): void {
    // The first who fails sets the moment: those who fail later wait for the same connection.
    if (this.timers.has(address)) return;
    const timer = this.parts.time.schedule(delayMs, () => {
      this.timers.delete(address);
      const waiting = this.parts
        .open()
        .filter(({ connection, parts: { endpoint } }) => connection === undefined && endpoint.address === address);
      // In the order in which they were made.
      for (const future of [...waiting].sort((one, other) => one.correlation - other.correlation))
        if (future.isOpen) this.repeat(future, cause);
    });
    this.timers.set(address, timer);
  }

  private repeat(future: ReplyFuture, cause: unknown): void {
    // A timer may come a little before the clock that the peer looks at.
    if (this.parts.transport.peer(future.parts.endpoint.address).retryInMs > 0) this.repeatLater(future, cause);
    else this.parts.transmit(future);
  }
}
