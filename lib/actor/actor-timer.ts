import { delay, duration, flag, label, mandatory } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How a timer ticks. Times are in milliseconds. */
export interface ActorTimerOptions {
  /** From one tick to the next. Ticks that come due while one is not over are left out. */
  readonly everyMs: number;
  /** From now to the first tick. Default: `everyMs`. */
  readonly afterMs?: number;
  /** For messages. Default: `timer`. */
  readonly name?: string;
  /** Ticks may overlap turns, though never each other; refused in a class with `persist: 'after-turn'`. Default: false. */
  readonly interleave?: boolean;
  /** The actor is not deactivated for being idle as long as the timer is not cancelled, also between its ticks. Default: false. */
  readonly keepsAlive?: boolean;
}

export const ACTOR_TIMER_OPTIONS = optionTable<ActorTimerOptions>({
  everyMs: mandatory(duration()),
  afterMs: delay(),
  name: label(256),
  interleave: flag(),
  keepsAlive: flag(),
});

/** A timer of an actor. It ends with the activation at the latest. */
export interface ActorTimer {
  /** No tick begins any more; one that has begun goes on. */
  cancel(): void;
}
