import { MoonpoolError } from '../../errors/moonpool-error';
import type { Logger } from '../../observability/logger';
import type { TaskProvider } from '../../providers/task-provider';
import { eventKind } from '../timeline/event-queue';
import { never, type NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import { errorInWords } from './simulated-logger';

const DEFERRED = eventKind('deferred');
const YIELD = eventKind('yield');

/** The tasks of one life of a simulated machine. A task that fails is a failure of the run: in production it would only be logged. */
export class SimulatedTaskProvider implements TaskProvider {
  private readonly deferred: (() => void)[] = [];

  constructor(
    private readonly engine: SimulationEngine,
    private readonly life: NodeLife,
    private readonly logger: Logger,
  ) {}

  spawn(name: string, work: () => Promise<void>): void {
    if (!this.life.enter()) return;
    const { observer } = this.life;
    // What is spawned is meant to outlive the turn that spawns it.
    if (observer === undefined) void this.runTask(name, work);
    else void observer.within(undefined, () => this.runTask(name, work));
  }

  defer(callback: () => void): void {
    if (!this.life.enter()) return;
    // The events may come in any order; the callbacks of one process come in theirs, as Node runs them.
    this.deferred.push(callback);
    this.engine.schedule(0, DEFERRED, this.life, () => this.deferred.shift()?.());
  }

  yield(): Promise<void> {
    if (!this.life.enter()) return never();
    return new Promise<void>((resolve) => void this.engine.schedule(0, YIELD, this.life, resolve));
  }

  private async runTask(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.life.isAlive) return;
      this.logger.error(`the task '${name}' failed`, error);
      const message = `The task '${name}' of ${this.life.toString()} failed: ${errorInWords(error)}`;
      this.engine.fail(new MoonpoolError('NODE_TASK_FAILED', { message, cause: error }));
    }
  }
}
