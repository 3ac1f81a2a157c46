/** How long a turn of the event loop may read, in milliseconds, however short it is otherwise. */
const LEAST_MS = 10;
/** And so much of the time that the last one took for other things: what waits to be read is soon too old, where little is read between long turns. */
const SHARE = 0.5;
/** Which part of the least may be spent before the turns of the event loop are distinguished. */
const UNWATCHED_SHARE = 0.25;

/** Something that has input which it was not given yet. */
export interface WaitingReader {
  /** Reads on, as long as there is something to read and time for it. */
  readOn(): void;
}

/**
 * How long the connections of a process may read before the event loop turns. Node.js reads all that has come by all of them, 2 MiB of
 * each, before anything else has its turn; reading that may take a second, in which timers wait, and with them the answers of
 * threads, which is to say of the store. What is not read waits, and its connection is not read further: so the other side waits as well.
 */
export class ReadBudget {
  private spentMs = 0;
  private allowedMs = LEAST_MS;
  private turnedAt = 0;
  private isWatching = false;
  private waiting: WaitingReader[] = [];

  /** @param now the monotonic clock. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** True while whoever has input is to wait for the event loop to turn. */
  get isSpent(): boolean {
    return this.spentMs >= this.allowedMs;
  }

  /** Reads, and counts how long that takes. */
  spend(read: () => void): void {
    const begunAt = this.now();
    read();
    const endedAt = this.now();
    this.spentMs += endedAt - begunAt;
    if (this.isWatching || this.spentMs < LEAST_MS * UNWATCHED_SHARE) return;
    this.turnedAt = begunAt;
    this.watch();
  }

  /** Lets the reader read on when the event loop has turned, behind those that wait already. */
  wait(reader: WaitingReader): void {
    this.waiting.push(reader);
    if (!this.isWatching) this.watch();
  }

  private watch(): void {
    this.isWatching = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    const now = this.now();
    this.allowedMs = LEAST_MS + SHARE * Math.max(0, now - this.turnedAt - this.spentMs);
    this.isWatching = false;
    this.spentMs = 0;
    this.turnedAt = now;
    const readers = this.waiting;
    this.waiting = [];
    for (const reader of readers) reader.readOn();
  }
}
