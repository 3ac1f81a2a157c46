import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MIB = 1024 * 1024;
/** For how long a file system may be in use by processes that are just ending, in milliseconds. */
const BUSY_LIMIT_MS = 10_000;
/** The request that takes a file system of Linux down as it is; 2 says that not even its own log is written. */
const SHUTDOWN =
  'my $how = pack("L", 2); open(my $root, "<", $ARGV[0]) or die $!; ioctl($root, 0x8004587d, $how) or die $!';

/** A file system of its own in a file, whose power can be cut: what was not synced to it is gone. Needs root, and Linux. */
export class LoopDisk {
  readonly mountPoint: string;
  private readonly image: string;
  private readonly ballast: string;

  private constructor(private readonly folder: string) {
    this.mountPoint = join(folder, 'disk');
    this.image = join(folder, 'image');
    this.ballast = join(this.mountPoint, 'ballast');
  }

  /** Why there can be none on this machine; undefined where there can. */
  static async obstacle(): Promise<string | undefined> {
    if (process.platform !== 'linux')
      return `file systems are mounted from files on Linux only, and this is ${process.platform}`;
    if (process.getuid?.() !== 0) return 'only root may mount a file system';
    try {
      const disk = await LoopDisk.create(16);
      try {
        disk.cut();
        await disk.remount();
      } finally {
        await disk.remove();
      }
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  }

  /** @throws Error when a program or a right is missing. */
  static async create(sizeMib: number): Promise<LoopDisk> {
    const disk = new LoopDisk(mkdtempSync(join(tmpdir(), 'moonpool-disk-')));
    try {
      // A database server is another user.
      chmodSync(disk.folder, 0o755);
      mkdirSync(disk.mountPoint);
      writeFileSync(disk.image, '');
      truncateSync(disk.image, sizeMib * MIB);
      run('mkfs.ext4', ['-q', '-m', '0', disk.image]);
      disk.mount();
    } catch (error) {
      await disk.remove();
      throw error;
    }
    return disk;
  }

  /** From now on nothing reaches the disk, and each request to it fails. */
  cut(): void {
    run('perl', ['-e', SHUTDOWN, this.mountPoint]);
  }

  /** Has all that was written until now on the disk. */
  sync(): void {
    run('sync', ['-f', this.mountPoint]);
  }

  /** Makes it read-only, as a file system does that has met an error. */
  makeReadOnly(): void {
    run('mount', ['-o', 'remount,abort', this.mountPoint]);
  }

  /** Mounts it again, as after a loss of power: with what the disk holds, and nothing of what was in memory. Nobody may use it. */
  async remount(): Promise<void> {
    await this.unmount();
    // 1 says that errors were corrected: that of a file system which was made read-only is one.
    run('e2fsck', ['-p', this.image], [0, 1]);
    this.mount();
  }

  /** Takes all room that is left. */
  fill(): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (const bytes of [MIB, 4_096]) while (hasRoom(() => writeSync(file, Buffer.alloc(bytes))));
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.ballast, { force: true });
  }

  async remove(): Promise<void> {
    await this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private mount(): void {
    run('mount', ['-o', 'loop,errors=remount-ro', this.image, this.mountPoint]);
  }

  private async unmount(): Promise<void> {
    for (const until = Date.now() + BUSY_LIMIT_MS; spawnSync('mountpoint', ['-q', this.mountPoint]).status === 0;) {
      const { status, stderr } = spawnSync('umount', [this.mountPoint], { encoding: 'utf8' });
      if (status === 0) return;
      if (Date.now() > until) throw new Error(`umount: ${stderr}`);
      await sleep(20);
    }
  }
}

function hasRoom(write: () => number): boolean {
  try {
    return write() > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

function run(program: string, args: readonly string[], good: readonly number[] = [0]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${program} cannot be run: ${error.message}`);
  if (status === null || !good.includes(status)) throw new Error(`${program} failed: ${stderr.trim()}`);
}
