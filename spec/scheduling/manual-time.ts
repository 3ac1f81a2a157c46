import type { TaskProvider } from '../../lib/providers/task-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';

/** A clock that goes on when the spec says so. */
export class ManualTime implements TimeProvider {
  at = 0;

  now(): number {
    return this.at;
  }

  wallClock(): number {
    return this.at;
  }

  schedule(): never {
    throw new Error('nothing here has timers');
  }

  sleep(): never {
    throw new Error('nothing here sleeps');
  }
}

/** An event loop that turns when the spec says so. */
export class ManualTasks implements TaskProvider {
  /** How often something asked to be notified of the next turn. */
  asked = 0;
  private deferred: (() => void)[] = [];

  spawn(): never {
    throw new Error('nothing here is spawned');
  }

  defer(callback: () => void): void {
    this.asked++;
    this.deferred.push(callback);
  }

  turn(): void {
    for (const callback of this.deferred.splice(0)) callback();
  }

  yield(): never {
    throw new Error('nothing here yields');
  }
}
