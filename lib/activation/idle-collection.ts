import type { TaskProvider } from '../providers/task-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ActivationOptions } from './activation-options';
import type { ActivationTable } from './activation-table';
import type { FailureHold } from './failure-hold';
import type { HostedClasses } from './hosted-classes';

/** What is needed to let idle actors go. */
export interface IdleCollectionParts {
  readonly activations: ActivationTable;
  readonly types: HostedClasses;
  readonly failures: FailureHold;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly options: ActivationOptions;
}

/** Lets actors go that nobody has called for a while: looks at all of them every now and then. */
export class IdleCollection {
  private timer: Timer | undefined;
  private isOver = false;

  constructor(private readonly parts: IdleCollectionParts) {}

  start(): void {
    const { time, types, options } = this.parts;
    const periodMs = Math.min(options.collectionIntervalMs, types.shortestIdleMs(options.idleTimeoutMs));
    this.timer = time.schedule(periodMs, () => {
      this.collect();
      if (!this.isOver) this.start();
    });
  }

  stop(): void {
    this.isOver = true;
    this.timer?.cancel();
  }

  private collect(): void {
    const { activations, failures, options, tasks } = this.parts;
    failures.sweep();
    for (const activation of activations.all) {
      const limitMs = activation.descriptor.options.idleTimeoutMs ?? options.idleTimeoutMs;
      if (activation.idleMs < limitMs) continue;
      const description = `the actor had nothing to do for ${limitMs} ms`;
      tasks.spawn(`deactivate ${activation.target.path}`, () => activation.deactivate({ code: 'idle', description }));
    }
  }
}
