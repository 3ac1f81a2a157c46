import type { ActorClass } from '../../actor/actor-reference';
import { isMoonpoolError } from '../../errors/moonpool-error';
import type { ContainerModule } from '../../injection/container-module';
import { ActorRuntime } from '../../runtime/actor-runtime';
import { NodeLife } from '../engine/node-life';
import { SimulatedDisk } from '../storage/simulated-disk';
import { simulatedWorld, type SharedWorld } from './simulated-world-module';

/** What the nodes of a simulation run: the application, and the module that swaps the world last. */
export interface SimulatedApplication {
  readonly namespace: string;
  readonly actors: readonly ActorClass[];
  readonly modules: readonly ContainerModule[];
  readonly leaseTtlMs: number;
}

/** The port on which every simulated node listens. */
const PORT = 5_000;

/** How long a supervisor waits before it starts a node again that ended by itself, in milliseconds. */
const RESTART_MS = 500;

/** A machine of the simulated cluster: its disk stays, its lives come and go. */
export class SimulatedNode {
  private life: NodeLife;
  private current: ActorRuntime | undefined;
  private readonly disk: SimulatedDisk;
  private generation = 0;

  constructor(
    readonly name: string,
    readonly host: string,
    private readonly shared: SharedWorld,
    private readonly application: SimulatedApplication,
  ) {
    this.disk = new SimulatedDisk(name, shared.world.random);
    this.life = new NodeLife(name, 0);
    this.life.end();
  }

  get address(): string {
    return `${this.host}:${PORT}`;
  }

  /** The runtime of the present life, once it has started; undefined while the node is down. */
  get runtime(): ActorRuntime | undefined {
    return this.life.isOver ? undefined : this.current;
  }

  /** True from the moment the node is switched on until it crashes. */
  get isOn(): boolean {
    return !this.life.isOver;
  }

  /** Switches the node on: a new life from what the disk has kept. Resolves when its runtime has started. */
  async start(): Promise<void> {
    if (this.isOn) return;
    this.life = new NodeLife(this.name, ++this.generation);
    this.shared.world.record(this.name, 'node-start', { life: this.life.toString() });
    await this.startRuntime(this.life);
  }

  /** The power fails: nothing of this life happens any more, and nobody is told but by what the network shows. */
  crash(): void {
    if (!this.isOn) return;
    const { world, fabric } = this.shared;
    world.record(this.name, 'fault-crash', { life: this.life.toString() });
    this.life.end();
    this.current = undefined;
    fabric.endLife(this.life);
    world.purge(this.life);
    this.disk.crash();
  }

  /** Ends the node in order, as a deployment would. */
  async shutdown(): Promise<void> {
    const { life } = this;
    await this.runtime?.shutdown();
    if (this.life === life) this.switchOff();
  }

  private async startRuntime(life: NodeLife): Promise<void> {
    const { namespace, actors, modules, leaseTtlMs } = this.application;
    try {
      const runtime = await ActorRuntime.start({
        name: this.name,
        namespace,
        listen: this.address,
        actors,
        lease: { ttlMs: leaseTtlMs },
        transport: { reconnectMaxMs: 2_000 },
        modules: [...modules, simulatedWorld(this.shared, life, this.host, this.disk)],
      });
      this.current = runtime;
      void runtime.terminated.then(({ reason }) => this.onTerminated(life, reason));
    } catch (error) {
      if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE')) throw error;
      this.switchOff();
      await this.startLater();
    }
  }

  private onTerminated(life: NodeLife, reason: 'shutdown' | 'fenced'): void {
    if (this.life !== life || life.isOver) return;
    this.switchOff();
    // A node that was fenced ends as a process, and its supervisor starts it again.
    if (reason === 'fenced') void this.startLater();
  }

  private startLater(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.shared.world.schedule(undefined, RESTART_MS, 'supervisor', () => {
        this.start().then(resolve, (error: unknown) => {
          this.shared.world.fail(error);
          reject(error as Error);
        });
      });
    });
  }

  /** The process has ended by itself: like a crash, but the disk had its time. */
  private switchOff(): void {
    const { world, fabric } = this.shared;
    world.record(this.name, 'node-stop', { life: this.life.toString() });
    this.life.end();
    this.current = undefined;
    fabric.endLife(this.life);
    world.purge(this.life);
  }
}
