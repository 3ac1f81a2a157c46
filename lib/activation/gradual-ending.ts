import type { Buggify } from '../chaos/buggify';
import { Deferred } from '../concurrency/deferred';
import type { TaskProvider } from '../providers/task-provider';
import type { Activation } from './activation';

/** How many that have nothing to do end at a time: each end needs memory, and a place in the queues of stores. */
const MOST_AT_ONCE = 4_096;
/** After so much work, in activations that were looked at, input and timers have their chance. */
const SLICE = 4_096;
/** How much more it is to begin an end than to look at whether there is to be one. */
const WORK_OF_END = 32;

/** How often buggify lets others go first, as among a million, and how few it lets end at a time. */
const RARELY = { strikes: 0.05 };
const FEW = { low: 1, high: 4 };

/**
 * Ends many activations one behind the other: a node may have a million of them, and whoever began all ends in one go would stand still for seconds, in which its lease is
 * not renewed, and hold the memory of all of them at a time.
 */
export class GradualEnding {
  private resting = 0;
  private busy = 0;
  private work = 0;
  /** Resolved when there is room for another end. */
  private room: Deferred<void> | undefined;
  /** Resolved when all that were begun have ended. */
  private quiet: Deferred<void> | undefined;

  private readonly mostAtOnce: number;

  constructor(
    private readonly tasks: Pick<TaskProvider, 'yield'>,
    private readonly buggify: Buggify,
  ) {
    this.mostAtOnce = buggify.knob('ends-at-once', MOST_AT_ONCE, FEW);
  }

  /**
   * Begins the ends of all activations in their order. Those that are in the midst of turns take nobody's place: they may be so for long.
   * @param end begins the end of one, and resolves when it has ended; undefined when it is to go on.
   */
  async begin(
    activations: readonly Activation[],
    end: (activation: Activation) => Promise<void> | undefined,
  ): Promise<void> {
    for (const activation of activations) {
      if (this.work >= SLICE || this.isDelayed()) await this.pause();
      while (this.resting >= this.mostAtOnce) await (this.room ??= new Deferred()).promise;
      // All may have been dropped meanwhile.
      if (activation.isOver) continue;
      const isBusy = activation.loop.running > 0 || !activation.isActive;
      const ended = end(activation);
      this.work += ended === undefined ? 1 : WORK_OF_END;
      if (ended === undefined) continue;
      if (isBusy) this.busy++;
      else this.resting++;
      void ended.then(() => this.onEnd(isBusy));
    }
  }

  /** Resolves when all that were begun have ended. */
  async settled(): Promise<void> {
    if (this.resting + this.busy > 0) await (this.quiet ??= new Deferred()).promise;
  }

  private isDelayed(): boolean {
    return this.buggify.enabled && this.buggify.strikes('end-late', RARELY);
  }

  private async pause(): Promise<void> {
    this.work = 0;
    await this.tasks.yield();
  }

  private onEnd(wasBusy: boolean): void {
    if (wasBusy) this.busy--;
    else this.resting--;
    this.room?.resolve();
    this.room = undefined;
    if (this.resting + this.busy > 0) return;
    this.quiet?.resolve();
    this.quiet = undefined;
  }
}
