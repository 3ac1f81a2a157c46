import { ActivationOptions } from '../activation/activation-options';
import { MoonpoolError } from '../errors/moonpool-error';
import type { NodeContainer, PartGuard, PartStep } from '../injection/node-container';
import { Logger } from '../observability/logger';
import { TimeLimits } from '../providers/time-limits';
import { TimeProvider } from '../providers/time-provider';

/** How long something is waited for until that is logged, and again each time as long, in milliseconds. */
const TELL_MS = 10_000;

/** Says what a node waits for that starts or ends, and gives up on what would keep it from ending. */
export class LifecycleWatch implements PartGuard {
  /** @param limitMs how long the end of a part of a user's module may take. @param own the names of those modules. */
  constructor(
    private readonly time: TimeProvider,
    private readonly logger: Logger,
    private readonly limitMs: number,
    private readonly own: ReadonlySet<string> = new Set(),
  ) {}

  /** What the runtime itself is made of has limits of its own. */
  around({ step, name, module }: PartStep, work: Promise<void>): Promise<void> {
    const what = `the method ${step} of ${name} of module ${module}`;
    if (step === 'start' || !this.own.has(module)) return this.waitFor(what, work);
    const limits = new TimeLimits(this.time);
    const late = () =>
      new MoonpoolError('LIFECYCLE_TIMEOUT', {
        message: `The method ${step} of ${name} of module ${module} did not end within ${this.limitMs} ms`,
        remedy: 'Find what it waits for, or raise `activation.drainLimitMs`.',
      });
    return this.waitFor(what, limits.within(this.limitMs, work, late)).finally(() => limits.stop());
  }

  /** The outcome of the work; it is logged when it takes long. @param what in words, for the log. */
  async waitFor<T>(what: string, work: Promise<T>): Promise<T> {
    const since = this.time.now();
    const tell = (): void => {
      this.logger.warn(`${what} is waited for and has not ended`, { forMs: Math.round(this.time.now() - since) });
      timer = this.time.schedule(TELL_MS, tell);
    };
    let timer = this.time.schedule(TELL_MS, tell);
    try {
      return await work;
    } finally {
      timer.cancel();
    }
  }
}

/** The watch of a process. @param own the names of the modules that the user has given. */
export function lifecycleWatchOf(container: NodeContainer, own: readonly string[] = []): LifecycleWatch {
  const { drainLimitMs } = container.get(ActivationOptions);
  return new LifecycleWatch(container.get(TimeProvider), container.get(Logger), drainLimitMs, new Set(own));
}
