import { MoonpoolError } from '../../errors/moonpool-error';
import type { StorageDevice, StorageFile } from '../../providers/storage-device';
import { eventKind } from '../engine/event-queue';
import { never, type NodeLife } from '../engine/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { DiskFile } from './disk-file';
import type { SimulatedDisk } from './simulated-disk';

/** How long the operations of a device take, in milliseconds. */
export interface DeviceTimes {
  readonly readMs: readonly [low: number, high: number];
  readonly writeMs: readonly [low: number, high: number];
  readonly syncMs: readonly [low: number, high: number];
}

type Operation = 'read' | 'write' | 'sync';

const KINDS = { read: eventKind('disk-read'), write: eventKind('disk-write'), sync: eventKind('disk-sync') };

/** A machine's disk as one life of its process sees it. An operation that a crash interrupts is not done. */
export class SimulatedStorageDevice implements StorageDevice {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly disk: SimulatedDisk,
    private readonly life: NodeLife,
    private readonly times: DeviceTimes,
  ) {}

  open(path: string): Promise<StorageFile> {
    return this.operate('read', () => {
      const file = this.disk.file(path) ?? this.disk.create(path);
      return new OpenFile(path, file, (kind, effect) => this.operate(kind, effect));
    });
  }

  exists(path: string): Promise<boolean> {
    return this.operate('read', () => this.disk.file(path) !== undefined);
  }

  rename(from: string, to: string): Promise<void> {
    return this.operate('sync', () => {
      const file = this.disk.file(from);
      if (file === undefined) throw failed(`${from} cannot be renamed to ${to}: it does not exist`);
      this.disk.rename(from, to, file);
    });
  }

  remove(path: string): Promise<void> {
    return this.operate('sync', () => this.disk.remove(path));
  }

  list(folder: string): Promise<readonly string[]> {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    return this.operate('read', () => this.disk.paths().filter((path) => path.startsWith(prefix)));
  }

  private operate<T>(operation: Operation, effect: () => T): Promise<T> {
    if (!this.life.enter()) return never();
    const [lowMs, highMs] = this.times[`${operation}Ms` as const];
    const delayMs = this.engine.rolls.sequence(KINDS[operation].name, this.life.machine).between(lowMs, highMs);
    return new Promise<T>((resolve, reject) => {
      this.engine.schedule(delayMs, KINDS[operation], this.life, () => {
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

class OpenFile implements StorageFile {
  private isOpen = true;

  constructor(
    private readonly path: string,
    private readonly file: DiskFile,
    private readonly operate: <T>(operation: Operation, effect: () => T) => Promise<T>,
  ) {}

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.whileOpen('read', () => this.file.read(offset, length));
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    // Not bytes.slice(): that of a Buffer shares its memory.
    const written = new Uint8Array(bytes);
    return this.whileOpen('write', () => this.file.write(offset, written));
  }

  sync(): Promise<void> {
    return this.whileOpen('sync', () => this.file.sync());
  }

  size(): Promise<number> {
    return this.whileOpen('read', () => this.file.size);
  }

  truncate(size: number): Promise<void> {
    return this.whileOpen('write', () => this.file.truncate(size));
  }

  close(): Promise<void> {
    return this.whileOpen('read', () => {
      this.isOpen = false;
    });
  }

  private whileOpen<T>(operation: Operation, effect: () => T): Promise<T> {
    return this.operate(operation, () => {
      if (!this.isOpen) throw failed(`${this.path} is closed`);
      return effect();
    });
  }
}

function failed(message: string): MoonpoolError {
  return new MoonpoolError('STORAGE_DEVICE_FAILED', { message });
}
