import { ActivationOptions } from '../activation/activation-options';
import type { ActorReferences } from '../actor/actor-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { NodeRole } from '../identity/local-node';
import type { NodeId } from '../identity/node-id';
import { contributions } from '../injection/contribution-list';
import type { NodeContainer } from '../injection/node-container';
import type { ServiceIdentifier } from '../injection/token';
import { Logger } from '../observability/logger';
import { shape } from '../options/option-kind';
import { TimeLimits } from '../providers/time-limits';
import { TimeProvider } from '../providers/time-provider';
import { lifecycleWatchOf, type LifecycleWatch } from './lifecycle-watch';

/** The node as a startup task sees it: it has joined its cluster, and calls reach it and leave it. */
export interface StartingNode extends ActorReferences {
  readonly node: NodeId;
  readonly address: string;
  service<T>(identifier: ServiceIdentifier<T>): T;
}

/** Ends what a startup task has begun. */
export type StopTask = () => Promise<void> | void;

/** Work that each node does when it starts: to warm something up, or to begin what goes on as long as the node serves. */
export interface StartupTask {
  /** For messages. */
  readonly name: string;
  /** @returns what is to be done when the node shuts down, while its actors can still be called; nothing if there is none. */
  run(node: StartingNode): Promise<StopTask | void> | StopTask | void;
}

/** What may stand in a list of startup tasks. */
export const startupTask = shape('a task { name, run(node) }', ['name', 'run'], (value) => {
  const { name, run } = (value ?? {}) as Partial<Record<keyof StartupTask, unknown>>;
  return typeof name === 'string' && name !== '' && typeof run === 'function';
});

/** The startup tasks of a node, to which modules contribute. */
export const StartupTasks = contributions<StartupTask>('StartupTasks', { accepts: startupTask });

/** The startup tasks of one node as they are run: in their order, and ended in the reverse order. */
export class StartupSequence {
  private stops: { readonly name: string; readonly stop: StopTask }[] = [];
  private isStopped = false;

  constructor(
    private readonly tasks: readonly StartupTask[],
    private readonly logger: Logger,
    private readonly watch: LifecycleWatch,
    /** Gives up on what takes too long. */
    private readonly withinLimit: (work: Promise<void>, what: string) => Promise<void>,
  ) {}

  /** @throws MoonpoolError STARTUP_FAILED naming the first task that failed; none after it was run. */
  async run(node: StartingNode): Promise<void> {
    for (const task of this.tasks) {
      try {
        const begun = task.run(node);
        const what = `the startup task '${task.name}'`;
        const stop = await (begun instanceof Promise ? this.watch.waitFor(what, begun) : begun);
        if (typeof stop === 'function') await this.note(task.name, stop);
      } catch (cause) {
        throw new MoonpoolError('STARTUP_FAILED', {
          message: `The startup task '${task.name}' of the node at ${node.address} failed: ${reasonOf(cause)}`,
          cause,
        });
      }
      if (this.isStopped) {
        const message = `The node at ${node.address} ended while the startup task '${task.name}' was run`;
        throw new MoonpoolError('STARTUP_FAILED', {
          message,
          remedy: 'Look in the log for why the node ended, and start it again.',
        });
      }
    }
  }

  /** Ends what was begun, the last first. One that fails or takes too long is logged, and the others are ended all the same. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (let begun = this.stops.pop(); begun !== undefined; begun = this.stops.pop())
      await this.end(begun.name, begun.stop);
  }

  /** A node that ended while the task was being run ends what it has begun at once. */
  private async note(name: string, stop: StopTask): Promise<void> {
    if (this.isStopped) await this.end(name, stop);
    else this.stops.push({ name, stop });
  }

  private async end(name: string, stop: StopTask): Promise<void> {
    try {
      await this.withinLimit((async () => stop())(), `The stop function of the startup task '${name}'`);
    } catch (error) {
      this.logger.error('what a startup task has begun could not be ended', error, { task: name });
    }
  }
}

/**
 * What the start of a node fails with that has lost its place meanwhile. What its startup tasks failed with came of that, and would tell nobody that the next
 * start may succeed. @param message that it stopped serving, and why.
 */
export function fencedAtStart(message: string, cause: unknown): MoonpoolError {
  return new MoonpoolError('NODE_FENCED', {
    message: `${message}, while its startup tasks were run`,
    executed: 'maybe',
    remedy: 'Start it again. Look for what paused the node, or cut it off from the store.',
    cause,
  });
}

/** What a node does when it starts; a client has nothing to do. */
export function startupOf(container: NodeContainer, role: NodeRole): StartupSequence {
  const tasks = role === 'node' ? container.get(StartupTasks) : [];
  const limits = new TimeLimits(container.get(TimeProvider));
  const { drainLimitMs } = container.get(ActivationOptions);
  const late = (what: string) =>
    new MoonpoolError('LIFECYCLE_TIMEOUT', {
      message: `${what} did not end within ${drainLimitMs} ms`,
      remedy: 'Find what it waits for, or raise `activation.drainLimitMs`.',
    });
  return new StartupSequence(tasks, container.get(Logger), lifecycleWatchOf(container), async (work, what) => {
    try {
      await limits.within(drainLimitMs, work, () => late(what));
    } finally {
      limits.stop();
    }
  });
}
