import { expect } from 'chai';
import type { StorageDevice } from '../../lib/providers/storage-device';
import type { ContractWorld } from './contract-world';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (read: Uint8Array) => new TextDecoder().decode(read);

/** What every storage device does. */
export function describeStorageDeviceContract(name: string, world: ContractWorld<StorageDevice>): void {
  describe(`${name} keeps the contract of a storage device:`, () => {
    it('what was written is read back, also by who opens the file again', () =>
      world.run(async (device) => {
        const file = await device.open('folder/a');
        await file.write(0, bytes('hello world'));
        await file.write(6, bytes('WORLD'));
        await file.sync();
        expect(text(await file.read(0, 100))).to.equal('hello WORLD');
        await file.close();
        const again = await device.open('folder/a');
        expect(text(await again.read(6, 3))).to.equal('WOR');
        expect(await again.size()).to.equal(11);
        await again.close();
      }));

    it('a gap reads as zeros, and behind the end there is nothing', () =>
      world.run(async (device) => {
        const file = await device.open('gap');
        await file.write(3, bytes('x'));
        expect([...(await file.read(0, 10))]).to.deep.equal([0, 0, 0, 120]);
        expect(await file.read(50, 10)).to.have.length(0);
        await file.close();
      }));

    it('truncating shortens and lengthens', () =>
      world.run(async (device) => {
        const file = await device.open('cut');
        await file.write(0, bytes('abcdef'));
        await file.truncate(2);
        expect(text(await file.read(0, 10))).to.equal('ab');
        await file.truncate(4);
        expect([...(await file.read(0, 10))]).to.deep.equal([97, 98, 0, 0]);
        await file.close();
      }));

    it('renaming replaces, removing removes, and listing tells', () =>
      world.run(async (device) => {
        for (const path of ['d/one', 'd/two', 'other']) {
          const file = await device.open(path);
          await file.write(0, bytes(path));
          await file.sync();
          await file.close();
        }
        await device.rename('d/one', 'd/two');
        expect(await device.list('d')).to.deep.equal(['d/two']);
        expect(await device.exists('d/one')).to.equal(false);
        const file = await device.open('d/two');
        expect(text(await file.read(0, 10))).to.equal('d/one');
        await file.close();
        await device.remove('d/two');
        await device.remove('d/two');
        expect(await device.list('d')).to.deep.equal([]);
        expect(await device.list('')).to.include('other');
      }));
  });
}
