import { MoonpoolError, type Executed } from '../../errors/moonpool-error';
import type { StorageDevice, StorageFile } from '../../providers/storage-device';
import { eventKind } from '../timeline/event-queue';
import { never, type NodeLife } from '../timeline/node-life';
import type { DiskFile } from './disk-file';
import type { SimulatedDisk } from './simulated-disk';

type Operation = 'read' | 'write' | 'sync';

const KINDS = { read: eventKind('disk-read'), write: eventKind('disk-write'), sync: eventKind('disk-sync') };

/** What an operation does: its effect, what is left of it when it fails, and the bytes that it moves. */
interface Work<T> {
  readonly effect: () => T;
  readonly onFailure?: () => void;
  readonly bytes?: number;
}

/** A machine's disk as one life of its process sees it. An operation that a crash interrupts is not done. */
export class SimulatedStorageDevice implements StorageDevice {
  constructor(
    private readonly disk: SimulatedDisk,
    private readonly life: NodeLife,
  ) {}

  open(path: string): Promise<StorageFile> {
    return this.operate('read', path, {
      effect: () => {
        const file = this.disk.file(path) ?? this.disk.create(path);
        return new OpenFile(path, file, this.disk, (operation, work) => this.operate(operation, path, work));
      },
    });
  }

  exists(path: string): Promise<boolean> {
    return this.operate('read', path, { effect: () => this.disk.file(path) !== undefined });
  }

  rename(from: string, to: string): Promise<void> {
    return this.operate('sync', from, {
      effect: () => {
        const file = this.disk.file(from);
        if (file === undefined) throw failed(`${from} cannot be renamed to ${to}: it does not exist`);
        this.disk.rename(from, to, file);
      },
    });
  }

  remove(path: string): Promise<void> {
    return this.operate('sync', path, { effect: () => this.disk.remove(path) });
  }

  list(folder: string): Promise<readonly string[]> {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    return this.operate('read', folder, { effect: () => this.disk.paths().filter((path) => path.startsWith(prefix)) });
  }

  private operate<T>(operation: Operation, path: string, { effect, onFailure, bytes = 0 }: Work<T>): Promise<T> {
    if (!this.life.enter()) return never();
    return new Promise<T>((resolve, reject) => {
      this.disk.engine.schedule(this.disk.operationMs(operation, bytes), KINDS[operation], this.life, () => {
        try {
          if (this.disk.fails(operation)) {
            onFailure?.();
            throw failed(`The disk failed to ${operation} ${path}`, operation === 'read' ? 'no' : 'maybe');
          }
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
    private readonly disk: SimulatedDisk,
    private readonly operate: <T>(operation: Operation, work: Work<T>) => Promise<T>,
  ) {}

  read(offset: number, length: number): Promise<Uint8Array> {
    const effect = () => {
      const bytes = this.file.read(offset, length);
      if (bytes === undefined) throw failed(`The disk failed to read ${this.path}: a sector is damaged`);
      return bytes;
    };
    return this.whileOpen('read', { effect, bytes: Math.max(0, Math.min(length, this.file.size - offset)) });
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    // Not bytes.slice(): that of a Buffer shares its memory.
    const written = new Uint8Array(bytes);
    return this.whileOpen('write', {
      effect: () => this.file.write(offset, written),
      onFailure: () =>
        this.file.write(offset, written.subarray(0, this.disk.remains('write').below(written.length + 1))),
      bytes: written.length,
    });
  }

  sync(): Promise<void> {
    const effect = () => {
      if (!this.disk.liesAboutSync) this.file.sync();
    };
    return this.whileOpen('sync', { effect, onFailure: () => this.file.failSync(this.disk.remains('sync')) });
  }

  size(): Promise<number> {
    return this.whileOpen('read', { effect: () => this.file.size });
  }

  truncate(size: number): Promise<void> {
    return this.whileOpen('write', { effect: () => this.file.truncate(size) });
  }

  close(): Promise<void> {
    return this.whileOpen('read', {
      effect: () => {
        this.isOpen = false;
      },
    });
  }

  private whileOpen<T>(operation: Operation, { effect, ...work }: Work<T>): Promise<T> {
    return this.operate(operation, {
      ...work,
      effect: () => {
        if (!this.isOpen) throw failed(`${this.path} is closed`);
        return effect();
      },
    });
  }
}

function failed(message: string, executed: Executed = 'no'): MoonpoolError {
  return new MoonpoolError('STORAGE_DEVICE_FAILED', { message, executed });
}
