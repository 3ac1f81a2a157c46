import type { Buggify } from '../chaos/buggify';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';

/** Something that has a turn to run. */
export interface Runnable {
  /** Starts the next turn, if there is one. Never throws. */
  run(): void;
}

/**
 * Which part of a quantum may pass before the event loop is asked to tell of its next turn. Asking costs a task each time, and
 * where the event loop turns often, as it mostly does, nobody need ask.
 */
const UNWATCHED_SHARE = 0.25;

/** How much the latest quantum counts for the rate of turns. */
const LATEST_SHARE = 0.3;

/** How often buggify lets others go first. */
const RARELY = { strikes: 0.05 };

/**
 * Lets turns run as soon as they are ready, until a quantum of time has gone by without a turn of the event loop; then
 * those that are ready wait for input and timers to have their chance. So one busy actor starves neither the others nor
 * the network, and in the common case a turn starts without any delay. Whoever does something that may take long, turns and
 * answers alike, tells what time it is.
 */
export class RunQueue {
  /** When the first thing was done since the last quantum began; the event loop may have turned since then. */
  private firstAt: number | undefined;
  /** Since when the event loop is watched; undefined while it is not. */
  private watchedAt: number | undefined;
  private exhausted = false;
  private waiting: Runnable[] = [];
  /** What ends something, and goes before what begins: whoever waits for it has waited for long. */
  private ending: Runnable[] = [];
  /** How many turns have begun since the last quantum did, and when that was if some waited then. */
  private begun = 0;
  private busySince: number | undefined;
  /** Turns in a millisecond, while some wait; undefined until that was measured. */
  private rate: number | undefined;

  /** @param quantumMs how long turns may follow each other without a turn of the event loop, in milliseconds. */
  constructor(
    private readonly time: TimeProvider,
    private readonly tasks: TaskProvider,
    private readonly quantumMs: number,
    private readonly buggify: Buggify,
  ) {}

  /** How many wait for the next quantum. */
  get length(): number {
    return this.waiting.length + this.ending.length;
  }

  /** True while what can wait is to wait for the event loop. */
  get isExhausted(): boolean {
    return this.exhausted;
  }

  /** How long those that wait will take, in milliseconds, by the rate of late; 0 when none wait, or when nothing is known of it. */
  get waitMs(): number {
    return this.waiting.length === 0 || this.rate === undefined ? 0 : this.waiting.length / this.rate;
  }

  /** True when it may run at once; otherwise it is run later. */
  admits(runnable: Runnable): boolean {
    if (this.buggify.enabled && this.buggify.strikes('turn-late', RARELY)) {
      this.tasks.defer(() => runnable.run());
      return false;
    }
    if (this.exhausted) this.waiting.push(runnable);
    return !this.exhausted;
  }

  submit(runnable: Runnable): void {
    if (this.admits(runnable)) runnable.run();
  }

  /** Runs it in the next quantum, whatever is left of this one, before the turns that are ready: it ends one that has run. It looks itself whether it is to wait again. */
  wait(runnable: Runnable): void {
    this.ending.push(runnable);
  }

  /** A turn begins. @param now by the monotonic clock. */
  onTurn(now: number): void {
    this.begun++;
    this.lookAtClock(now);
  }

  /** Something was done that took time. @param now by the monotonic clock. */
  lookAtClock(now: number): void {
    if (this.firstAt === undefined) this.firstAt = now;
    else if (now - this.firstAt >= this.quantumMs * UNWATCHED_SHARE) this.watch(now, this.firstAt);
  }

  /** As {@link lookAtClock}, for those who do not know what time it is. */
  noteTime(): void {
    this.lookAtClock(this.time.now());
  }

  private watch(now: number, firstAt: number): void {
    if (this.watchedAt === undefined) {
      this.watchedAt = now;
      this.tasks.defer(() => this.beginQuantum());
      // The event loop may have turned since, which cannot be told; then those that are ready wait for next to nothing.
      this.exhausted = now - firstAt >= this.quantumMs;
    } else if (now - this.watchedAt >= this.quantumMs * (1 - UNWATCHED_SHARE)) {
      this.exhausted = true;
    }
  }

  private beginQuantum(): void {
    this.measure();
    this.firstAt = undefined;
    this.watchedAt = undefined;
    this.exhausted = false;
    const { ending, waiting } = this;
    this.ending = [];
    this.waiting = [];
    for (const runnable of ending) runnable.run();
    for (const runnable of waiting) this.submit(runnable);
  }

  /** Looks how fast turns follow each other where there is always one that waits; a moment of standing still changes it little. */
  private measure(): void {
    const now = this.time.now();
    const since = this.busySince ?? (this.exhausted ? this.firstAt : undefined);
    if (since !== undefined && this.begun > 0) {
      const rate = this.begun / Math.max(1, now - since);
      this.rate = this.rate === undefined ? rate : this.rate + LATEST_SHARE * (rate - this.rate);
    }
    this.busySince = this.waiting.length === 0 ? undefined : now;
    this.begun = 0;
  }
}
