import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import { DeadlockWatch, type DeadlockWatchParts } from './deadlock-watch';
import { RunningTurns } from './running-turns';

/** What it takes to watch turns. */
export interface WatchedTurnsParts extends Pick<DeadlockWatchParts, 'router' | 'events' | 'random' | 'loopsOf'> {
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
  readonly options: {
    /** A turn that takes longer is logged. */
    readonly longTurnMs: number;
    /** One that takes longer and keeps others waiting asks whether it waits for itself. */
    readonly deadlockAfterMs: number;
  };
}

/** The turns that are under way on a process, and who watches them: those that take long are told, and those that wait for themselves are found. */
export class WatchedTurns {
  readonly running: RunningTurns;
  readonly deadlocks: DeadlockWatch;

  constructor(parts: WatchedTurnsParts) {
    const { time, refusals, options } = parts;
    const { longTurnMs, deadlockAfterMs } = options;
    this.running = new RunningTurns({
      time,
      refusals,
      limitMs: longTurnMs,
      everyMs: Math.min(longTurnMs, deadlockAfterMs),
      onLook: (now) => this.deadlocks.look(now),
    });
    this.deadlocks = new DeadlockWatch({ ...parts, running: this.running, afterMs: deadlockAfterMs });
  }
}
