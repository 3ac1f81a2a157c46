import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { StorageDevice, StorageFile } from '../storage-device';

/** Files below one folder of the machine. */
export class NodeStorageDevice implements StorageDevice {
  private readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  open(path: string): Promise<StorageFile> {
    return attempt(`Opening ${path}`, async () => {
      const full = this.full(path);
      await makeFolder(dirname(full));
      const isNew = !(await this.exists(path));
      // Never truncates: of two that open a new file at once, one may have written to it already.
      const handle = await open(full, constants.O_RDWR | constants.O_CREAT);
      try {
        // The name of a new file is durable only when its folder is.
        if (isNew) await syncFolder(dirname(full));
      } catch (error) {
        // Node.js 26 ends a process in which a file is collected that was left open.
        await handle.close();
        throw error;
      }
      return new NodeStorageFile(path, handle);
    });
  }

  exists(path: string): Promise<boolean> {
    return attempt(`Looking for ${path}`, async () => (await unlessAbsent(stat(this.full(path)))) !== undefined);
  }

  rename(from: string, to: string): Promise<void> {
    return attempt(`Renaming ${from} to ${to}`, async () => {
      const [source, target] = [this.full(from), this.full(to)];
      await makeFolder(dirname(target));
      await rename(source, target);
      await syncFolder(dirname(target));
      if (dirname(source) !== dirname(target)) await syncFolder(dirname(source));
    });
  }

  remove(path: string): Promise<void> {
    return attempt(`Removing ${path}`, async () => {
      const full = this.full(path);
      await rm(full, { force: true });
      await unlessAbsent(syncFolder(dirname(full)));
    });
  }

  list(folder: string): Promise<readonly string[]> {
    return attempt(`Listing ${folder}`, async () => {
      const full = this.full(folder);
      const entries = (await unlessAbsent(readdir(full, { recursive: true, withFileTypes: true }))) ?? [];
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return files.map((file) => relative(this.root, file).split(sep).join('/')).sort();
    });
  }

  private full(path: string): string {
    const full = resolve(this.root, path);
    if (full !== this.root && !full.startsWith(this.root + sep)) {
      throw new MoonpoolError('STORAGE_DEVICE_FAILED', {
        message: `The path ${JSON.stringify(path)} leads out of the device`,
        remedy: 'Give a path within the folder that the device was made with.',
      });
    }
    return full;
  }
}

class NodeStorageFile implements StorageFile {
  constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  read(offset: number, length: number): Promise<Uint8Array> {
    return attempt(`Reading ${this.path}`, async () => {
      const buffer = new Uint8Array(length);
      let count = 0;
      while (count < length) {
        const { bytesRead } = await this.handle.read(buffer, count, length - count, offset + count);
        if (bytesRead === 0) break;
        count += bytesRead;
      }
      return buffer.subarray(0, count);
    });
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    return attempt(`Writing ${this.path}`, async () => {
      for (let count = 0; count < bytes.length;) {
        count += (await this.handle.write(bytes, count, bytes.length - count, offset + count)).bytesWritten;
      }
    });
  }

  sync(): Promise<void> {
    return attempt(`Syncing ${this.path}`, () => this.handle.sync());
  }

  size(): Promise<number> {
    return attempt(`Measuring ${this.path}`, async () => (await this.handle.stat()).size);
  }

  truncate(size: number): Promise<void> {
    return attempt(`Truncating ${this.path}`, () => this.handle.truncate(size));
  }

  close(): Promise<void> {
    return attempt(`Closing ${this.path}`, () => this.handle.close());
  }
}

/** Makes the folder and those above it; the names of new ones are durable afterwards. */
async function makeFolder(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the work gives, or undefined when the file or folder does not exist. */
async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isMoonpoolError(cause)) throw cause;
    const why = messageOf(cause);
    throw new MoonpoolError('STORAGE_DEVICE_FAILED', { message: `${what} failed: ${why}`, executed: 'maybe', cause });
  }
}
