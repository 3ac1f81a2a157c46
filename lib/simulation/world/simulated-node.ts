import type { ActorClass } from '../../actor/actor-reference';
import { Deferred } from '../../concurrency/deferred';
import type { ErrorCode } from '../../errors/catalogue';
import { isMoonpoolError } from '../../errors/moonpool-error';
import { ActorRuntime } from '../../runtime/actor-runtime';
import type { Termination } from '../../runtime/runtime-ending';
import { anyOf, mandatory } from '../../options/option-kind';
import { checkArguments } from '../../options/option-table';
import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import { placesOf, type Locality } from '../topology/locality';
import { runtimeOptions, type SimulatedApplication, type SimulatedRelease } from './simulated-application';
import type { Death, SimulatedMachine } from './simulated-machine';
import type { SimulatedWorld } from './simulated-world';

/** The port on which every simulated node listens. */
const PORT = 5_000;

/** How long a supervisor waits before it starts a process again that ended by itself, in milliseconds. */
const RESTART_MS = 500;

/** A process that cannot start for one of these reasons may start the next time. */
const PASSING_FAILURES: ReadonlySet<ErrorCode> = new Set([
  'STORAGE_UNAVAILABLE',
  'NODE_FENCED',
  'CONNECTION_LOST',
  'CONNECTION_FAILED',
]);

/** How far somebody sets a clock. */
const STEP = mandatory(anyOf('a number of milliseconds, negative for back', Number.isFinite));

/** How fast a clock runs. */
const RATE = mandatory(anyOf('a number above 0', (rate) => Number.isFinite(rate) && (rate as number) > 0));

const SUPERVISE = eventKind('supervise');

/** A node of the simulated cluster: a machine, its runtime, and a supervisor that starts it again when it ended by itself. */
export class SimulatedNode {
  private current: ActorRuntime | undefined;
  private started = new Deferred<void>();
  /** Resolves when the present life is over. */
  private ended = new Deferred<void>();
  private isLeftDown = false;

  constructor(
    private readonly world: SimulatedWorld,
    readonly machine: SimulatedMachine,
    private application: SimulatedApplication,
    /** Where the node stands; undefined when distance does not matter. */
    readonly locality?: Locality,
    /** Is notified of each life that begins. */
    private readonly onBoot: (life: NodeLife) => void = () => undefined,
  ) {}

  get name(): string {
    return this.machine.name;
  }

  /** The places that the node stands in, the largest first: datacenter, zone, machine. None without a hierarchy. */
  get tags(): readonly string[] {
    return placesOf(this.locality);
  }

  /** The actor classes of the release that it runs, or runs from its next start on, without those of modules. */
  get actors(): readonly ActorClass[] {
    return this.application.actors;
  }

  /** Where the node listens, as `$on` takes it. */
  get address(): string {
    return `${this.machine.host}:${PORT}`;
  }

  /** The runtime of the present life, once it has started; undefined while the node is down. */
  get runtime(): ActorRuntime | undefined {
    return this.current;
  }

  /** True from the moment the runtime has started until it is asked to shut down, is fenced, or dies. */
  get isServing(): boolean {
    return this.current?.isStopping === false;
  }

  /** True from the moment the process is started until it dies. */
  get isOn(): boolean {
    return this.machine.life !== undefined;
  }

  /** Starts the process, if there is none. Resolves when its runtime has started, with the first life that gets so far. */
  start(): Promise<void> {
    if (this.current !== undefined) return Promise.resolve();
    if (!this.isOn && !this.isLeftDown) this.boot();
    return this.started.promise;
  }

  /** From its next start on the node runs another release; the present life goes on as it is. */
  deploy(release: SimulatedRelease): void {
    this.application = { ...this.application, ...release };
  }

  /** The process dies: nothing of this life happens any more, and nobody is notified but by what the network shows. */
  crash(how: Death): void {
    this.end(how);
  }

  /** Somebody sets the wall clock of the node's machine. @param byMs forth, or back when negative. @throws MoonpoolError INVALID_OPTION */
  setWallClock(byMs: number): void {
    checkArguments('node.setWallClock', { byMs: [STEP, byMs] });
    this.world.engine.record(undefined, 'clock-step', { node: this.name, byMs });
    this.machine.parts.clock.step(byMs);
  }

  /**
   * From now on the clocks of the node's machine run at this rate: 1 is exact, 0.5 half as fast. Moonpool reckons with clocks that
   * part by 1 in 1,000; timers that are set already fire when they would have. @throws MoonpoolError INVALID_OPTION
   */
  runClockAt(rate: number): void {
    checkArguments('node.runClockAt', { rate: [RATE, rate] });
    this.world.engine.record(undefined, 'clock-rate', { node: this.name, rate });
    this.machine.parts.clock.runAt(rate);
  }

  /** From now on the node's disk says that it has synced, and has not; or it is honest again. What it lied about is lost with the power. */
  lieAboutSync(isLying = true): void {
    this.world.engine.record(undefined, 'lying-sync', { node: this.name, isLying });
    this.machine.parts.disk.liesAboutSync = isLying;
  }

  /** The machine loses its power, and its disk everything. */
  wipe(): void {
    this.end('power');
    this.machine.parts.disk.wipe();
    this.world.engine.record(undefined, 'wipe', { node: this.name });
  }

  /** The process dies, if there is one, and nobody ever starts it again. */
  leaveDown(): void {
    this.isLeftDown = true;
    if (this.isOn) this.end('power');
  }

  /** Ends the node in order, as a deployment would. Resolves when it has ended, in order or because it died on the way. */
  async shutdown(): Promise<void> {
    const { life } = this.machine;
    // A process that dies meanwhile settles nothing any more.
    if (this.current !== undefined) await Promise.race([this.current.shutdown(), this.ended.promise]);
    if (life !== undefined && this.machine.life === life) this.end('process');
  }

  private boot(): void {
    const life = this.machine.boot();
    this.ended = new Deferred();
    this.onBoot(life);
    const options = { ...runtimeOptions(this.application, this.world, this.machine, life), listen: this.address };
    ActorRuntime.start(options).then(
      (runtime) => this.onStarted(life, runtime),
      (error: unknown) => this.onNotStarted(life, error),
    );
  }

  private onStarted(life: NodeLife, runtime: ActorRuntime): void {
    if (this.machine.life !== life) return;
    this.current = runtime;
    this.world.engine.record(life, 'started', { incarnation: runtime.node.incarnation });
    void runtime.terminated.then((termination) => this.onTerminated(life, termination));
    this.started.resolve();
    this.started = new Deferred();
  }

  private onNotStarted(life: NodeLife, error: unknown): void {
    if (this.machine.life !== life) return;
    const isPassing = isMoonpoolError(error) && PASSING_FAILURES.has(error.code);
    if (!isPassing) {
      this.world.engine.fail(error);
      return;
    }
    this.world.engine.record(life, 'start-failed', { error: error.message });
    this.end('process');
    this.startLater();
  }

  private onTerminated(life: NodeLife, { reason, description }: Termination): void {
    if (this.machine.life !== life) return;
    this.world.engine.record(life, 'terminated', { reason, description });
    this.end('process');
    // A node that was fenced ends as a process, and its supervisor starts it again.
    if (reason === 'fenced') this.startLater();
  }

  private startLater(): void {
    this.world.engine.schedule(RESTART_MS, SUPERVISE, undefined, () => {
      if (!this.isOn && !this.isLeftDown) this.boot();
    });
  }

  private end(how: Death): void {
    this.current = undefined;
    this.machine.kill(how);
    this.ended.resolve();
  }
}
