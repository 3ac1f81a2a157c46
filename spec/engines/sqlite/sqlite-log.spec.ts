import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SqliteLog, type DiskSync } from '../../../lib/engines/sqlite/sqlite-log';

/** A disk whose syncs take as long as the spec says, and the clock that goes on meanwhile. */
class TimedDisk implements DiskSync {
  readonly ways: ('in place' | 'aside')[] = [];
  private ms = 0;

  constructor(
    public syncMs: number,
    public failure: Error | null = null,
  ) {}

  now(): number {
    return this.ms;
  }

  inPlace(): void {
    this.ways.push('in place');
    this.ms += this.syncMs;
    if (this.failure !== null) throw this.failure;
  }

  aside(_descriptor: number, done: (error: Error | null) => void): void {
    this.ways.push('aside');
    this.ms += this.syncMs;
    done(this.failure);
  }
}

describe('The log of a SQLite database', () => {
  let folder: string;
  let file: string;
  let log: SqliteLog;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-log-'));
    file = join(folder, 'spec.db');
    writeFileSync(`${file}-wal`, '');
  });
  afterEach(() => {
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Syncs so often, one after the other, and returns what was told. */
  function syncs(count: number): readonly (Error | null)[] {
    const told: (Error | null)[] = [];
    for (let done = 0; done < count; done++) log.sync((error) => told.push(error));
    return told;
  }

  it('is synced in place while the disk is quick', () => {
    const disk = new TimedDisk(0.1);
    log = new SqliteLog(file, disk, disk);
    expect(syncs(20)).to.deep.equal(Array.from({ length: 20 }, () => null));
    expect(disk.ways).to.deep.equal(Array.from({ length: 20 }, () => 'in place'));
  });

  it('is synced aside once the disk is found slow, and in place again when it is quick again', () => {
    const disk = new TimedDisk(8);
    log = new SqliteLog(file, disk, disk);
    syncs(10);
    expect(disk.ways).to.deep.equal(['in place', ...Array.from({ length: 9 }, () => 'aside')]);
    disk.syncMs = 0.1;
    syncs(60);
    expect(disk.ways.at(-1)).to.equal('in place');
  });

  it('is synced in place though one sync in a while takes three milliseconds', () => {
    const disk = new TimedDisk(0.1);
    log = new SqliteLog(file, disk, disk);
    syncs(20);
    disk.syncMs = 3;
    syncs(1);
    disk.syncMs = 0.1;
    syncs(20);
    expect(new Set(disk.ways)).to.deep.equal(new Set(['in place']));
  });

  for (const [way, syncMs] of [
    ['in place', 0.1],
    ['aside', 8],
  ] as const)
    it(`tells of a sync that fails ${way}`, () => {
      const disk = new TimedDisk(syncMs);
      log = new SqliteLog(file, disk, disk);
      syncs(2);
      disk.failure = new Error('the disk is gone');
      expect(syncs(1)).to.deep.equal([disk.failure]);
      expect(disk.ways.at(-1)).to.equal(way);
    });
});
