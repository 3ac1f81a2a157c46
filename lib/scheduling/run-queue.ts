import type { Buggify } from '../chaos/buggify';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';

/** Something that has a turn to run. */
export interface Runnable {
  /** Starts the next turn, if there is one. Never throws. */
  run(): void;
}

/** How many turns pass between two looks at the clock: a power of two. */
const TURNS_PER_LOOK = 128;

/** How often buggify lets others go first. */
const RARELY = { strikes: 0.05 };

/**
 * Lets turns run as soon as they are ready, until a quantum of time has gone by without a turn of the event loop; then
 * those that are ready wait for input and timers to have their chance. So one busy actor starves neither the others nor
 * the network, and in the common case a turn starts without any delay.
 */
export class RunQueue {
  private turns = 0;
  /** When the present quantum began; undefined while nobody has looked at the clock in this turn of the event loop. */
  private quantumStartedAt: number | undefined;
  private exhausted = false;
  private waiting: Runnable[] = [];

  /** @param quantumMs how long turns may follow each other without a turn of the event loop, in milliseconds. */
  constructor(
    private readonly time: TimeProvider,
    private readonly tasks: TaskProvider,
    private readonly quantumMs: number,
    private readonly buggify: Buggify,
  ) {}

  /** How many wait for the next quantum. */
  get length(): number {
    return this.waiting.length;
  }

  submit(runnable: Runnable): void {
    if (++this.turns % TURNS_PER_LOOK === 0) this.lookAtClock();
    if (this.buggify.enabled && this.buggify.strikes('turn-late', RARELY)) this.tasks.defer(() => runnable.run());
    else if (this.exhausted) this.waiting.push(runnable);
    else runnable.run();
  }

  private lookAtClock(): void {
    const now = this.time.now();
    if (this.quantumStartedAt === undefined) {
      this.quantumStartedAt = now;
      this.tasks.defer(() => this.beginQuantum());
    } else if (now - this.quantumStartedAt >= this.quantumMs) {
      this.exhausted = true;
    }
  }

  private beginQuantum(): void {
    this.quantumStartedAt = undefined;
    this.exhausted = false;
    const ready = this.waiting;
    this.waiting = [];
    for (const runnable of ready) this.submit(runnable);
  }
}
