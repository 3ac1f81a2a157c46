import type { Connection } from '../providers/network-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { TransportOptions } from './transport-options';

/**
 * What waits on an accepted connection because the other side does not read it. Above a limit nothing more is read from that
 * side, so that what it asks for does not pile up; now and then it is listened to for a moment, to learn that it lives; and
 * when it has read nothing for too long, it is given up. A side that dialled never stops reading: if both did, both would
 * wait for ever.
 */
export class Backlog {
  private isPaused = false;
  /** When the other side was last known to read. */
  private readAt = 0;

  constructor(
    private readonly options: TransportOptions,
    private readonly time: TimeProvider,
    private readonly stream: () => Connection | undefined,
  ) {}

  /** More waits: so many bytes in all. */
  grew(bytes: number): void {
    if (this.isPaused || bytes < this.options.pauseQueuedBytes) return;
    this.isPaused = true;
    this.readAt = this.time.now();
    this.stream()?.pause();
  }

  /** The other side has read what was written. */
  wasRead(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.stream()?.resume();
  }

  /** Something was read from the other side: that was the moment. */
  heard(): void {
    if (this.isPaused) this.stream()?.pause();
  }

  /** Listens for a moment. @param standstillMs for how long this process has stood still since the last look. @returns why the connection is to be given up; undefined while it is not. */
  tick(bytes: number, standstillMs: number): string | undefined {
    if (!this.isPaused) return undefined;
    this.readAt = Math.min(this.readAt + standstillMs, this.time.now());
    const stalledMs = this.time.now() - this.readAt;
    const { stalledLimitMs } = this.options;
    if (stalledMs > stalledLimitMs) {
      return `the other side has read nothing for ${Math.round(stalledMs)} ms while ${bytes} bytes wait for it; the limit of transport.stalledLimitMs is ${stalledLimitMs}`;
    }
    this.stream()?.resume();
    return undefined;
  }
}
