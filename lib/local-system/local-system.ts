import { MoonpoolError } from '../errors/moonpool-error';
import { containerModule, type ContainerModule, type NodePart } from '../injection/container-module';
import { NodeContainer } from '../injection/node-container';
import { anything, count, list } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { EventLog } from '../observability/event-log';
import { Logger } from '../observability/logger';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import type { BlockingJobs, BlockingJobTable } from '../providers/blocking-jobs';
import { ThreadProvider } from '../providers/thread-provider';
import { TimeProvider } from '../providers/time-provider';
import { checkBehaviour } from '../local-actors/actor-body';
import type { LocalBehaviour } from '../local-actors/local-actor';
import { LocalCell } from '../local-actors/local-cell';
import type { LocalEnding } from '../local-actors/local-ending';
import type { LocalHandle, LocalStopOptions } from '../local-actors/local-handle';
import { LOCAL_OPTIONS, type LocalOptions } from '../local-actors/local-options';
import { LocalRegistry } from '../local-actors/local-registry';
import { LocalWorld, type LocalWorldParts } from '../local-actors/local-world';
import { standaloneWorld } from './standalone-world';
import type { ChildOwner, SupervisedChild } from '../local-actors/supervised-child';
import { Supervisor } from '../supervision/supervisor';
import { SUPERVISOR_OPTIONS, type SupervisorOptions } from '../supervision/supervision-options';
import { WorkerPool, type WorkerPoolOptions } from '../worker-pool/worker-pool';

/** How a system of local actors is opened. */
export interface LocalSystemOptions {
  /** Container modules; later ones win. Default: the clocks, timers and randomness of Node.js. */
  readonly modules?: readonly ContainerModule[];
  /** How many local actors and supervisors may be alive at once. Default: 100,000. */
  readonly maxActors?: number;
}

/** What a system of local actors says of itself. A type and no interface, so that it is plain state to the compiler. */
export type LocalSystemState = {
  /** Local actors and supervisors that are alive. */
  readonly count: number;
  /** Messages in all mailboxes. */
  readonly waiting: number;
  readonly longest: readonly { readonly name: string; readonly waiting: number }[];
};

/** What a simulated process is given by its `boot()` beside modules: of use to those who listen, and let be by a system of local actors. */
type ProcessOptions = { readonly name?: string; readonly listen?: string; readonly transport?: object };

export const SYSTEM_OPTIONS = optionTable<LocalSystemOptions & ProcessOptions>({
  modules: list('a list of container modules', containerModule),
  maxActors: count(1),
  name: anything,
  listen: anything,
  transport: anything,
});

const DEFAULT_MAX_ACTORS = 100_000;

/** How many of the longest mailboxes are described. */
const SHOWN_MAILBOXES = 10;

/**
 * The local actors of one process: tasks with a bounded mailbox and a handle, for work that has no identity in the cluster. A
 * runtime has one, which ends with it: `runtime.service(LocalSystem)`, or `@inject(LocalSystem)` in an actor. Without a
 * runtime: {@link LocalSystem.open}.
 */
export class LocalSystem implements NodePart, ChildOwner {
  private readonly world: LocalWorld;
  private readonly registry: LocalRegistry;
  /** Those that no supervisor looks after, in the order of their start. */
  private readonly roots = new Set<SupervisedChild>();
  private readonly pools: { close(options: LocalStopOptions): Promise<void> }[] = [];
  private stopping: Promise<void> | undefined;

  /** For container modules that bind another one than the runtime's own. */
  constructor(parts: LocalWorldParts, maxActors = DEFAULT_MAX_ACTORS) {
    this.world = new LocalWorld(parts);
    this.registry = new LocalRegistry(maxActors);
  }

  /** A system of its own, which the caller stops. @throws MoonpoolError INVALID_OPTION, MISSING_BINDING */
  static open(options: LocalSystemOptions = {}): LocalSystem {
    SYSTEM_OPTIONS.check('LocalSystem.open', options);
    const { modules = [], maxActors } = options;
    const container = new NodeContainer([standaloneWorld, ...modules]);
    const parts: LocalWorldParts = {
      time: container.get(TimeProvider),
      tasks: container.get(TaskProvider),
      random: container.get(RandomProvider),
      logger: container.get(Logger),
      events: container.get(EventLog),
      threads: container.get(ThreadProvider),
    };
    return new LocalSystem(parts, maxActors);
  }

  /** The names of all that is alive, in the order of their start; those below a supervisor begin with its name and a slash. */
  get names(): readonly string[] {
    return this.registry.names;
  }

  /**
   * Starts a local actor that nobody starts again; a failure is logged. It works before `onStart` is over: messages wait for that.
   * @param behaviour a class, a function that makes an actor, or a body.
   * @throws MoonpoolError INVALID_OPTION, LOCAL_NAME_IN_USE, LOCAL_ACTOR_ENDED, TOO_MANY_LOCAL_ACTORS
   */
  spawn<Message, Reply = void>(
    behaviour: LocalBehaviour<Message, Reply>,
    options: LocalOptions = {},
  ): LocalHandle<Message, Reply> {
    checkBehaviour('spawn', behaviour);
    LOCAL_OPTIONS.check('spawn', options);
    this.refuseWhenStopped();
    const name = this.registry.freeName(options.name, behaviour.name);
    const cell = new LocalCell<Message, Reply>(name, behaviour, this.world, this, options);
    this.adopt(cell);
    return cell;
  }

  /** Starts a supervisor above which there is none. @throws as {@link LocalSystem.spawn} */
  supervise(options: SupervisorOptions = {}): Supervisor {
    SUPERVISOR_OPTIONS.check('supervise', options);
    this.refuseWhenStopped();
    const name = this.registry.freeName(options.name, 'supervisor');
    const supervisor = new Supervisor(name, this.world, this.registry, this, options);
    this.adopt(supervisor);
    return supervisor;
  }

  /** Threads for the jobs, started when they are needed; closed when this system has stopped. @throws MoonpoolError INVALID_OPTION, LOCAL_ACTOR_ENDED */
  workerPool<Table extends BlockingJobTable>(
    jobs: BlockingJobs<Table>,
    options: WorkerPoolOptions = {},
  ): WorkerPool<Table> {
    this.refuseWhenStopped();
    const pool = new WorkerPool(jobs, this.world, options);
    this.pools.push(pool);
    return pool;
  }

  /** The local actor of this name, if one is alive that was started with this behaviour. */
  find<Message, Reply = void>(
    behaviour: LocalBehaviour<Message, Reply>,
    name: string,
  ): LocalHandle<Message, Reply> | undefined {
    const found = this.registry.find(name);
    const isMeant = found instanceof LocalCell && found.behaviour === behaviour;
    return isMeant ? (found as LocalCell<Message, Reply>) : undefined;
  }

  /** For people: how many are alive, how many messages wait, and whose mailboxes are the longest. */
  describe(): LocalSystemState {
    const queues = [...this.registry.all].map(({ name, queued }) => ({ name, waiting: queued }));
    const longest = queues
      .filter(({ waiting }) => waiting > 0)
      .sort((a, b) => b.waiting - a.waiting)
      .slice(0, SHOWN_MAILBOXES);
    return { count: queues.length, waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0), longest };
  }

  /** Stops everything, what was started last first, each within its limit. Never rejects. */
  async stop(options: LocalStopOptions = {}): Promise<void> {
    this.stopping ??= this.stopRoots(options);
    await this.stopping;
  }

  /** For what was started here alone: nobody starts it again. */
  lifeOver(child: SupervisedChild, ending: LocalEnding): void {
    if (ending.code === 'failed') this.world.logger.error(`${child.name} failed and has no supervisor`, ending.error);
    child.finish(ending);
  }

  /** For what was started here alone. */
  childEnded(child: SupervisedChild): void {
    this.roots.delete(child);
    this.registry.remove(child);
  }

  private adopt(child: SupervisedChild): void {
    this.registry.add(child);
    this.roots.add(child);
    void child.begin();
  }

  private async stopRoots(options: LocalStopOptions): Promise<void> {
    for (const child of [...this.roots].reverse()) await child.stop(options);
    for (const pool of this.pools) await pool.close(options);
  }

  private refuseWhenStopped(): void {
    if (this.stopping !== undefined)
      throw new MoonpoolError('LOCAL_ACTOR_ENDED', {
        message: 'The system of local actors starts nothing any more: it was stopped',
      });
  }
}
