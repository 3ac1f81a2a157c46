import type { SimulationEngine } from '../engine/simulation-engine';
import { DiskFile } from './disk-file';

/** How often a crash loses a change that was not synced. */
const LOSS_PROBABILITY = 0.5;

/** The disk of one machine. It outlives the lives of the machine's process; what they did not sync may be lost with them. */
export class SimulatedDisk {
  private readonly files = new Map<string, DiskFile>();

  constructor(
    private readonly engine: SimulationEngine,
    private readonly machine: string,
  ) {}

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

  /** The machine's process died, or its power went. */
  crash(): void {
    const rolls = this.engine.rolls.sequence('unsynced-write-lost', this.machine);
    for (const [path, file] of this.files) {
      if (!file.isDurable && rolls.strikes(LOSS_PROBABILITY)) this.files.delete(path);
      else file.crash(rolls, LOSS_PROBABILITY);
    }
  }
}
