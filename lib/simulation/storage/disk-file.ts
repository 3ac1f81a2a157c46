import type { RollSequence } from '../random/keyed-rolls';

/** A change of a file. */
type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number };

/** A file of a simulated disk: what is durable, and what was changed since. */
export class DiskFile {
  private durable = new FileContent();
  private present = new FileContent();
  private changes: Change[] = [];
  /** False until the first sync: then a crash may lose the file itself. */
  isDurable = false;

  get size(): number {
    return this.present.size;
  }

  read(offset: number, length: number): Uint8Array {
    return this.present.read(offset, length);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.change({ kind: 'write', offset, bytes });
  }

  truncate(size: number): void {
    this.change({ kind: 'truncate', size });
  }

  sync(): void {
    for (const change of this.changes) this.durable.apply(change);
    this.changes = [];
    this.isDurable = true;
  }

  /** The machine lost its memory: of each change that was not synced a roll says whether it had reached the disk. */
  crash(rolls: RollSequence, lossProbability: number): void {
    for (const change of this.changes) if (!rolls.strikes(lossProbability)) this.durable.apply(change);
    this.changes = [];
    this.present = this.durable.copy();
  }

  private change(change: Change): void {
    this.changes.push(change);
    this.present.apply(change);
  }
}

/** Bytes that grow; a gap reads as zeros. */
class FileContent {
  size = 0;
  private bytes = new Uint8Array(0);

  read(offset: number, length: number): Uint8Array {
    return this.bytes.slice(offset, Math.min(offset + length, this.size));
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.bytes.fill(0, change.size, this.size);
      this.grow(change.size);
      this.size = change.size;
    } else {
      const end = change.offset + change.bytes.length;
      this.grow(end);
      this.bytes.set(change.bytes, change.offset);
      this.size = Math.max(this.size, end);
    }
  }

  copy(): FileContent {
    const copy = new FileContent();
    copy.bytes = this.bytes.slice(0, this.size);
    copy.size = this.size;
    return copy;
  }

  /** Doubles the room, so that a file written piece by piece is not copied for each piece. */
  private grow(size: number): void {
    if (size <= this.bytes.length) return;
    const roomier = new Uint8Array(Math.max(size, 2 * this.bytes.length));
    roomier.set(this.bytes.subarray(0, this.size));
    this.bytes = roomier;
  }
}
