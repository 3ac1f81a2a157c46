import type { StorageDevice, StorageFile } from '../../providers/storage-device';
import { never, type NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';
import type { DiskFile, SimulatedDisk } from './simulated-disk';

/** How long operations of a disk take, in milliseconds: at least and at most. */
export interface DiskLatency {
  readonly read: readonly [number, number];
  readonly write: readonly [number, number];
  readonly sync: readonly [number, number];
}

export const DEFAULT_DISK_LATENCY: DiskLatency = { read: [0.05, 0.2], write: [0.1, 0.5], sync: [1, 5] };

/** The disk of a node as one of its lives uses it. */
export class SimulatedStorageDevice implements StorageDevice {
  constructor(
    private readonly world: World,
    private readonly life: NodeLife,
    private readonly disk: SimulatedDisk,
    private readonly latency: DiskLatency = DEFAULT_DISK_LATENCY,
  ) {}

  open(path: string): Promise<StorageFile> {
    return this.take('write', () => this.openFile(this.disk.file(path)));
  }

  exists(path: string): Promise<boolean> {
    return this.take('read', () => this.disk.files.has(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.take('sync', () => {
      const file = this.disk.files.get(from);
      if (file === undefined) return;
      this.disk.files.delete(from);
      this.disk.files.set(to, file);
    });
  }

  remove(path: string): Promise<void> {
    return this.take('sync', () => {
      this.disk.files.delete(path);
    });
  }

  list(folder: string): Promise<readonly string[]> {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    return this.take('read', () => [...this.disk.files.keys()].filter((path) => path.startsWith(prefix)).sort());
  }

  private openFile(file: DiskFile): StorageFile {
    return {
      read: (offset, length) => this.take('read', () => file.visible.slice(offset, offset + length)),
      write: (offset, bytes) => {
        const own = bytes.slice();
        return this.take('write', () => file.write(offset, own));
      },
      sync: () => this.take('sync', () => file.sync()),
      size: () => this.take('read', () => file.visible.length),
      truncate: (size) => this.take('write', () => file.truncate(size)),
      close: () => this.take('read', () => undefined),
    };
  }

  /** Does the work after its time, if the life lasts until then. */
  private take<T>(kind: keyof DiskLatency, work: () => T): Promise<T> {
    if (this.life.refuses()) return never();
    const [minMs, maxMs] = this.latency[kind];
    const delayMs = this.world.random.rolls('disk', `${this.life.node}/${kind}`).between(minMs, maxMs);
    return new Promise((resolve) => {
      this.world.schedule(this.life, delayMs, `disk-${kind}`, () => resolve(work()));
    });
  }
}
