import type { RollSequence } from '../random/keyed-rolls';
import type { SectorFate } from './disk-crash';
import { FileContent } from './file-content';

/** A disk writes whole sectors; what lies in several may reach it in parts. */
export const SECTOR_BYTES = 512;

/** A change of a file, within one sector if it is a write. */
type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number };

/** Decides about unsynced sectors, as many as it is asked about. */
export type FateMaker = (count: number) => readonly SectorFate[];

/** A file of a simulated disk: what is durable, and what was changed since. */
export class DiskFile {
  private readonly durable = new FileContent();
  private present = new FileContent();
  private changes: Change[] = [];
  private readonly unreadable = new Set<number>();
  /** False until the first sync: then a crash may lose the file itself. */
  isDurable = false;

  get size(): number {
    return this.present.size;
  }

  /** True when something waits for a sync. */
  get hasChanges(): boolean {
    return this.changes.length > 0;
  }

  /** The bytes; undefined when a sector among them cannot be read. */
  read(offset: number, length: number): Uint8Array | undefined {
    const end = Math.min(offset + length, this.size);
    for (const sector of this.unreadable) {
      if (sector * SECTOR_BYTES < end && (sector + 1) * SECTOR_BYTES > offset) return undefined;
    }
    return this.present.read(offset, length);
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const start = offset + from;
      const room = SECTOR_BYTES - (start % SECTOR_BYTES);
      this.unreadable.delete(Math.floor(start / SECTOR_BYTES));
      this.change({ kind: 'write', offset: start, bytes: bytes.subarray(from, from + room) });
      from += room;
    }
  }

  truncate(size: number): void {
    for (const sector of this.unreadable) if (sector * SECTOR_BYTES >= size) this.unreadable.delete(sector);
    this.change({ kind: 'truncate', size });
  }

  sync(): void {
    for (const change of this.changes) applyTo(this.durable, change);
    this.changes = [];
    this.isDurable = true;
  }

  /**
   * A sync that fails in the middle: of each change a roll says whether it has reached the disk. The others count as
   * written from now on, so that no later sync repeats them: as operating systems do it.
   */
  failSync(rolls: RollSequence): void {
    for (const change of this.changes) if (rolls.chance(0.5)) applyTo(this.durable, change);
    this.changes = [];
  }

  /** The machine lost its memory. Returns the sectors that have reached the disk and hold nothing that was durable before. */
  crash(fates: FateMaker, rolls: RollSequence): readonly number[] {
    const durableSize = this.durable.size;
    const decided = fates(this.changes.length);
    const fresh: number[] = [];
    for (const [index, change] of this.changes.entries()) {
      const fate = decided[index];
      if (fate === 'kept') applyTo(this.durable, change);
      else if (fate === 'torn') tear(this.durable, change, rolls);
      if (fate !== 'lost' && change.kind === 'write') fresh.push(Math.floor(change.offset / SECTOR_BYTES));
    }
    this.changes = [];
    this.present = this.durable.copy();
    return fresh.filter((sector) => sector * SECTOR_BYTES >= durableSize && sector * SECTOR_BYTES < this.size);
  }

  /** From now on the sector cannot be read, until it is written. */
  spoil(sector: number): void {
    this.unreadable.add(sector);
  }

  private change(change: Change): void {
    this.changes.push(change);
    applyTo(this.present, change);
  }
}

function applyTo(content: FileContent, change: Change): void {
  if (change.kind === 'truncate') content.truncate(change.size);
  else content.write(change.offset, change.bytes);
}

/** The first part of a write reaches the disk; a change of the size does so as a whole or not at all. */
function tear(content: FileContent, change: Change, rolls: RollSequence): void {
  if (change.kind === 'write') content.write(change.offset, change.bytes.subarray(0, rolls.below(change.bytes.length)));
  else if (rolls.chance(0.5)) content.truncate(change.size);
}
