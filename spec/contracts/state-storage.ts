import { expect } from 'chai';
import type { StateStorage, StateWrite } from '../../lib/persistence/state-storage';
import type { ContractWorld } from './contract-world';

const data = (...bytes: number[]) => Uint8Array.from(bytes);
const write = (actor: string, epoch: number, version: number, writeId: string, bytes = data(version)): StateWrite => ({
  actor,
  epoch,
  version,
  writeId,
  data: bytes,
});

/** What every state storage does. */
export function describeStateStorageContract(name: string, world: ContractWorld<StateStorage>): void {
  describe(`${name} keeps the contract of a state storage:`, () => {
    it('the first claim finds nothing, and each further one has the next epoch', () =>
      world.run(async (storage) => {
        expect(await storage.claim('a/b/1')).to.deep.include({ epoch: 1, version: 0, writeId: '', data: undefined });
        expect(await storage.claim('a/b/1')).to.deep.include({ epoch: 2, version: 0 });
        expect(await storage.claim('a/b/2')).to.deep.include({ epoch: 1 });
      }));

    it('what was written is what the next claim and every read find', () =>
      world.run(async (storage) => {
        await storage.claim('a/b/1');
        expect(await storage.write(write('a/b/1', 1, 0, 'w1', data(1, 2, 3)))).to.deep.equal({
          kind: 'accepted',
          version: 1,
        });
        expect(await storage.read('a/b/1')).to.deep.include({
          epoch: 1,
          version: 1,
          writeId: 'w1',
          data: data(1, 2, 3),
        });
        expect(await storage.claim('a/b/1')).to.deep.include({ epoch: 2, version: 1, data: data(1, 2, 3) });
        expect(await storage.read('a/b/none')).to.equal(undefined);
      }));

    it('a stale epoch is refused, even with the present version', () =>
      world.run(async (storage) => {
        await storage.claim('a/b/1');
        await storage.write(write('a/b/1', 1, 0, 'w1'));
        await storage.claim('a/b/1');
        expect(await storage.write(write('a/b/1', 1, 1, 'w2'))).to.deep.equal({ kind: 'fenced', epoch: 2 });
        expect(await storage.read('a/b/1')).to.deep.include({ version: 1, writeId: 'w1' });
      }));

    it('a write without any claim is refused', () =>
      world.run(async (storage) => {
        expect(await storage.write(write('a/b/1', 1, 0, 'w1'))).to.deep.equal({ kind: 'fenced', epoch: 0 });
        expect(await storage.read('a/b/1')).to.equal(undefined);
      }));

    it('a version that is not the present one is refused with the id of the write that is', () =>
      world.run(async (storage) => {
        await storage.claim('a/b/1');
        await storage.write(write('a/b/1', 1, 0, 'w1'));
        expect(await storage.write(write('a/b/1', 1, 0, 'w2'))).to.deep.equal({
          kind: 'conflict',
          version: 1,
          writeId: 'w1',
        });
      }));

    it('claims that are made at once all have different epochs', () =>
      world.run(async (storage) => {
        const claims = await Promise.all(Array.from({ length: 20 }, () => storage.claim('a/b/1')));
        expect(new Set(claims.map(({ epoch }) => epoch)).size).to.equal(20);
      }));

    it('of writes that are made at once for one version, one is accepted', () =>
      world.run(async (storage) => {
        await storage.claim('a/b/1');
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, index) => storage.write(write('a/b/1', 1, 0, `w${index}`))),
        );
        expect(outcomes.filter(({ kind }) => kind === 'accepted')).to.have.length(1);
      }));

    it('the buffer of a write belongs to the writer again when the write is done', () =>
      world.run(async (storage) => {
        await storage.claim('a/b/1');
        const buffer = data(1, 2, 3);
        await storage.write(write('a/b/1', 1, 0, 'w1', buffer));
        buffer.fill(9);
        expect((await storage.read('a/b/1'))?.data).to.deep.equal(data(1, 2, 3));
      }));
  });
}
