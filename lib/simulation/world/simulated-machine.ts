import { eventKind, type ScheduledEvent } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { HostSockets } from '../network/host-sockets';
import type { SimulatedNetwork } from '../network/simulated-network';
import type { SimulatedClock } from '../providers/simulated-clock';
import type { SimulatedDisk } from '../disks/simulated-disk';

/** How a process ends: alone, or with the power of its machine, which then says nothing to anybody. */
export type Death = 'process' | 'power';

const RESUME = eventKind('resume');

/** What a machine is made of. */
export interface MachineParts {
  readonly name: string;
  readonly sockets: HostSockets;
  readonly clock: SimulatedClock;
  readonly disk: SimulatedDisk;
  /** Is told of the end of each life. */
  readonly onDeath: (life: NodeLife, how: Death) => void;
}

/** A machine of the world. Its address, clocks and disk stay; the lives of its process come and go. */
export class SimulatedMachine {
  private present: NodeLife | undefined;
  private generation = 0;
  /** Ends the present pause. */
  private waking: ScheduledEvent | undefined;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly network: SimulatedNetwork,
    readonly parts: MachineParts,
  ) {}

  get name(): string {
    return this.parts.name;
  }

  /** The address of the machine, without a port. */
  get host(): string {
    return this.parts.sockets.host.address;
  }

  /** The present life; undefined while no process runs. */
  get life(): NodeLife | undefined {
    return this.present;
  }

  /** Starts a process; there is none yet. */
  boot(): NodeLife {
    this.network.powerOn(this.parts.sockets);
    const life = this.engine.beginLife(this.name, ++this.generation);
    this.present = life;
    this.engine.record(life, 'boot');
    return life;
  }

  /** Ends the process at once: nothing of it happens any more, its connections break or fall silent. What it has not synced is lost with the power alone. */
  kill(how: Death): void {
    const life = this.present;
    if (life === undefined) return;
    this.present = undefined;
    this.cancelWaking();
    this.engine.record(life, 'death', { how });
    this.engine.endLife(life);
    this.network.endLife(this.parts.sockets, life, how);
    this.parts.onDeath(life, how);
    if (how === 'power') this.parts.disk.losePower();
  }

  /**
   * The process stands still: nothing of it happens until it goes on, while clocks and network do. One that stands still
   * already does so until the later of the two ends. @param forMs virtual milliseconds.
   */
  pause(forMs: number): void {
    const life = this.present;
    if (life === undefined) return;
    if (life.isPaused && this.waking !== undefined && this.waking.time >= this.engine.now + forMs) return;
    this.engine.record(life, 'pause', { forMs: Math.round(forMs) });
    if (!life.isPaused) this.engine.pause(life);
    this.cancelWaking();
    this.waking = this.engine.schedule(forMs, RESUME, undefined, () => this.resume(life));
  }

  /** The process goes on, and all that it has missed happens. @param life the one that was paused. Default: the present one. */
  resume(life: NodeLife | undefined = this.present): void {
    if (life === undefined || life !== this.present || !life.isPaused) return;
    this.cancelWaking();
    this.engine.record(life, 'resume');
    this.engine.resume(life);
  }

  private cancelWaking(): void {
    if (this.waking !== undefined) this.engine.cancel(this.waking);
    this.waking = undefined;
  }
}
