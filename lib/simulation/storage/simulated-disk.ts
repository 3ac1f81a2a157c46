import type { KeyedRandom } from '../random/keyed-random';

/** A write that is not durable yet. */
export interface UnsyncedWrite {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A file as a disk knows it: what is durable, and what was written since. */
export class DiskFile {
  durable: Uint8Array = new Uint8Array();
  /** What a reader sees: the durable bytes with all writes on top. */
  visible: Uint8Array = new Uint8Array();
  unsynced: UnsyncedWrite[] = [];

  write(offset: number, bytes: Uint8Array): void {
    this.visible = overlay(this.visible, offset, bytes);
    this.unsynced.push({ offset, bytes });
  }

  truncate(size: number): void {
    const cut = new Uint8Array(size);
    cut.set(this.visible.subarray(0, size));
    this.visible = cut;
  }

  sync(): void {
    this.durable = this.visible.slice();
    this.unsynced = [];
  }
}

/** The disk of a simulated node. It outlives crashes of the node, but what was not synced may be lost then. */
export class SimulatedDisk {
  readonly files = new Map<string, DiskFile>();

  constructor(
    private readonly node: string,
    private readonly random: KeyedRandom,
  ) {}

  file(path: string): DiskFile {
    let file = this.files.get(path);
    if (file === undefined) {
      file = new DiskFile();
      this.files.set(path, file);
    }
    return file;
  }

  /** The power went: each write that was not synced is kept or lost, whatever became of those before it. */
  crash(): void {
    for (const [path, file] of this.files) {
      const rolls = this.random.rolls('disk-crash', `${this.node}/${path}`);
      let survived = file.durable;
      for (const { offset, bytes } of file.unsynced) if (rolls.happens(0.5)) survived = overlay(survived, offset, bytes);
      file.visible = survived.slice();
      file.sync();
    }
  }
}

function overlay(base: Uint8Array, offset: number, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.max(base.length, offset + bytes.length));
  result.set(base);
  result.set(bytes, offset);
  return result;
}
