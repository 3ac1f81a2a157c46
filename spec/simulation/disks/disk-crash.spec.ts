import { expect } from 'chai';
import { CALM_MACHINES } from '../../../lib/simulation/chaos/profile/machine-chaos';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';
import { fatesOfSectors, type SectorFate } from '../../../lib/simulation/disks/disk-crash';
import { DiskFile, SECTOR_BYTES } from '../../../lib/simulation/disks/disk-file';

const FAULTS = CALM_MACHINES.deviceCrashes;
const SECTORS = 20;
const CRASHES = 4_000;

const crashes: readonly (readonly SectorFate[])[] = Array.from({ length: CRASHES }, (_, seed) =>
  fatesOfSectors(SECTORS, FAULTS, new KeyedRolls(seed).sequence('disk-crash', 'node1')),
);
const share = (matches: (fates: readonly SectorFate[]) => boolean) => crashes.filter(matches).length / CRASHES;

/** A file with something durable in its first half sector. */
function fileWith(durable: string): DiskFile {
  const file = new DiskFile();
  file.write(0, Buffer.from(durable));
  file.sync();
  return file;
}

const textOf = (file: DiskFile) => Buffer.from(file.read(0, 10_000) ?? []).toString();
const rolls = () => new KeyedRolls(1).sequence('disk-remains');

describe('A loss of power', () => {
  it('harms nothing in a tenth of all cases, and takes all that was not synced in another', () => {
    expect(share((fates) => fates.every((fate) => fate === 'kept'))).to.be.within(0.08, 0.12);
    expect(share((fates) => fates.every((fate) => fate === 'lost'))).to.be.within(0.08, 0.12);
  });

  it('takes the last one to eight sectors in a quarter of all cases', () => {
    const lengths = new Set<number>();
    const rolledBack = share((fates) => {
      const kept = fates.lastIndexOf('kept') + 1;
      const isRollback =
        kept > 0 && kept < SECTORS && fates.every((fate, index) => fate === (index < kept ? 'kept' : 'lost'));
      if (isRollback) lengths.add(SECTORS - kept);
      return isRollback;
    });
    expect(rolledBack).to.be.within(0.22, 0.28);
    expect([...lengths].sort()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('decides else for each sector apart: kept, lost or torn', () => {
    const apart = crashes.filter((fates) => fates.includes('torn')).flat();
    expect(apart.length / SECTORS / CRASHES).to.be.within(0.52, 0.58);
    for (const fate of ['kept', 'lost', 'torn'])
      expect(apart.filter((one) => one === fate).length / apart.length).to.be.within(0.3, 0.37);
  });

  it('tears a write of several sectors at any of them, and a sector at any byte', () => {
    const file = fileWith('');
    file.write(0, Buffer.alloc(3 * SECTOR_BYTES, 'x'));
    file.crash((count) => (expect(count).to.equal(3), ['kept', 'lost', 'torn']), rolls());
    const text = textOf(file);
    expect(text.slice(0, SECTOR_BYTES)).to.equal('x'.repeat(SECTOR_BYTES));
    expect(text.slice(SECTOR_BYTES, 2 * SECTOR_BYTES)).to.equal('\0'.repeat(SECTOR_BYTES));
    expect(text.length).to.be.within(2 * SECTOR_BYTES, 3 * SECTOR_BYTES - 1);
  });

  it('leaves what was synced, also in a sector that was written on', () => {
    for (const fate of ['kept', 'lost', 'torn'] as const) {
      const file = fileWith('durable');
      file.write(7, Buffer.from('later'));
      file.crash(() => [fate], rolls());
      expect(textOf(file).startsWith('durable'), fate).to.equal(true);
    }
  });

  it('may make a sector unreadable that held nothing synced, until it is written', () => {
    const file = fileWith('durable');
    file.write(7, Buffer.alloc(2 * SECTOR_BYTES));
    const fresh = file.crash((count) => Array.from({ length: count }, () => 'kept'), rolls());
    expect(fresh).to.deep.equal([1, 2]);
    file.spoil(1);
    expect(file.read(0, SECTOR_BYTES)).to.have.length(SECTOR_BYTES);
    expect(file.read(SECTOR_BYTES - 1, 2)).to.equal(undefined);
    file.write(SECTOR_BYTES, Buffer.from('again'));
    expect(file.read(SECTOR_BYTES - 1, 2)).to.have.length(2);
  });

  it('takes what a failed sync has left out, though a later sync went well', () => {
    const contents = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const file = fileWith('');
      file.write(0, Buffer.from('a'));
      file.failSync(new KeyedRolls(seed).sequence('disk-remains'));
      expect(textOf(file)).to.equal('a');
      file.write(1, Buffer.from('b'));
      file.sync();
      file.crash(() => [], rolls());
      contents.add(textOf(file));
    }
    expect([...contents].sort()).to.deep.equal(['\0b', 'ab']);
  });
});
