import type { FaultSwitch, RollSequence } from '../random/keyed-rolls';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { DeviceErrors, DeviceFigures, DeviceStalls } from './device-figures';
import { DevicePace } from './device-pace';
import { fatesOfSectors, type DiskCrashFaults } from './disk-crash';
import { DiskFile } from './disk-file';

/** How the disk of a machine behaves, with all figures. */
export interface DiskChaos {
  readonly device: DeviceFigures;
  readonly deviceErrors: DeviceErrors;
  readonly deviceStalls: DeviceStalls;
  readonly deviceCrashes: DiskCrashFaults;
}

/** How often a loss of power loses a file that was never synced. */
const FILE_LOSS_PROBABILITY = 0.5;

/** The disk of one machine. It outlives the lives of the machine's process; what they did not sync may be lost with the power. */
export class SimulatedDisk {
  /** True while the disk says that it has synced and has not: only a test makes it so. */
  liesAboutSync = false;
  private readonly files = new Map<string, DiskFile>();
  private readonly pace: DevicePace;

  constructor(
    readonly engine: SimulationEngine,
    private readonly machine: string,
    readonly chaos: DiskChaos,
    private readonly faults: FaultSwitch,
  ) {
    this.pace = new DevicePace(engine, machine, chaos.device, chaos.deviceStalls, faults);
  }

  file(path: string): DiskFile | undefined {
    return this.files.get(path);
  }

  create(path: string): DiskFile {
    const file = new DiskFile();
    this.files.set(path, file);
    return file;
  }

  /** Replaces `to`, durably. */
  rename(from: string, to: string, file: DiskFile): void {
    this.files.delete(from);
    this.files.set(to, file);
    file.isDurable = true;
  }

  remove(path: string): void {
    this.files.delete(path);
  }

  paths(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  /** How long an operation takes that begins now, in milliseconds. */
  operationMs(operation: 'read' | 'write' | 'sync', bytes: number): number {
    const [lowMs, highMs] = this.chaos.device[`${operation}Ms` as const];
    return this.pace.takeTime(bytes) + this.rolls(`disk-${operation}`).between(lowMs, highMs);
  }

  /** True when an operation fails that is about to be done. */
  fails(operation: 'read' | 'write' | 'sync'): boolean {
    return (
      this.faults.areOn &&
      this.rolls(`disk-${operation}-error`).strikes(this.chaos.deviceErrors[`${operation}Probability` as const])
    );
  }

  /** The rolls that decide what the fault leaves which just struck the operation. */
  remains(operation: 'write' | 'sync'): RollSequence {
    return this.rolls(`disk-${operation}-error`).manner();
  }

  /** The power went: what was not synced is kept, lost or torn. */
  losePower(): void {
    for (const [path, file] of this.files) {
      if (!file.isDurable && this.rolls('disk-file-lost').strikes(FILE_LOSS_PROBABILITY)) this.files.delete(path);
      else if (file.hasChanges) this.crash(file);
    }
  }

  /** Everything is gone, as after a change of the disk. */
  wipe(): void {
    this.files.clear();
  }

  private crash(file: DiskFile): void {
    const { deviceCrashes } = this.chaos;
    const fresh = file.crash(
      (count) => fatesOfSectors(count, deviceCrashes, this.rolls('disk-crash')),
      this.rolls('disk-crash').manner('remains'),
    );
    if (fresh.length === 0) return;
    const rolls = this.rolls('disk-latent-fault');
    if (rolls.strikes(deviceCrashes.latentFaultProbability)) file.spoil(rolls.manner().pick(fresh));
  }

  private rolls(site: string): RollSequence {
    return this.engine.rolls.sequence(site, this.machine);
  }
}
