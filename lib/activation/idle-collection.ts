import type { TaskProvider } from '../providers/task-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ActivationOptions } from './activation-options';
import type { ActivationTable } from './activation-table';
import type { Activation } from './activation';
import type { FailureHold } from './failure-hold';
import type { GradualEnding } from './gradual-ending';
import type { HostedClasses } from './hosted-classes';

/** What is needed to let idle actors go. */
export interface IdleCollectionParts {
  readonly activations: ActivationTable;
  readonly types: HostedClasses;
  readonly failures: FailureHold;
  readonly ending: GradualEnding;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly options: ActivationOptions;
}

/** Lets actors go that nobody has called for a while: looks at all of them every now and then. */
export class IdleCollection {
  private timer: Timer | undefined;
  private isOver = false;
  private isLooking = false;

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
    this.parts.failures.sweep();
    // Where there are many, or their ends take long, the present look is not over yet.
    if (this.isLooking) return;
    this.isLooking = true;
    const { activations, ending, tasks } = this.parts;
    tasks.spawn('let idle actors go', async () => {
      try {
        await ending.begin(activations.all, (each) => this.endOf(each));
      } finally {
        this.isLooking = false;
      }
    });
  }

  private endOf(activation: Activation): Promise<void> | undefined {
    const limitMs = activation.descriptor.options.idleTimeoutMs ?? this.parts.options.idleTimeoutMs;
    if (this.isOver || activation.idleMs < limitMs) return undefined;
    return activation.deactivate({ code: 'idle', description: `the actor had nothing to do for ${limitMs} ms` });
  }
}
