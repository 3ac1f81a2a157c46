import { inCleanContext } from '../../concurrency/clean-context';
import type { Logger } from '../../observability/logger';
import type { TaskProvider } from '../task-provider';

/** Tasks in the event loop of Node.js. Callbacks deferred in one turn share one immediate. */
export class NodeTaskProvider implements TaskProvider {
  private deferred: (() => void)[] = [];

  constructor(private readonly logger: Logger) {}

  spawn(name: string, work: () => Promise<void>): void {
    const onFailure = (error: unknown): void => this.logger.error(`the task '${name}' failed`, error);
    try {
      work().catch(onFailure);
    } catch (error) {
      // Work that fails before its first await, in a function that is not async, is a failed task like any other.
      onFailure(error);
    }
  }

  defer(callback: () => void): void {
    // They share it with callbacks of others, so it is in nobody's context.
    if (this.deferred.push(callback) === 1) inCleanContext(setImmediate, () => this.runDeferred());
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  private runDeferred(): void {
    const callbacks = this.deferred;
    this.deferred = [];
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        this.logger.error('a deferred callback failed', error);
      }
    }
  }
}
