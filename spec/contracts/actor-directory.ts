import { expect } from 'chai';
import type { ActorDirectory, Registration } from '../../lib/directory/actor-directory';
import type { ContractWorld } from './contract-world';

const at = (activation: string, actor = 'a/b/1'): Registration => ({
  actor,
  activation,
  node: { name: 'n', incarnation: 3 },
  address: '127.0.0.1:5000',
});

/** What every directory does. */
export function describeActorDirectoryContract(name: string, world: ContractWorld<ActorDirectory>): void {
  describe(`${name} keeps the contract of a directory:`, () => {
    it('an actor that was registered is found there, and others are not', () =>
      world.run(async (directory) => {
        expect(await directory.register(at('x'))).to.deep.equal(at('x'));
        expect(await directory.lookup('a/b/1')).to.deep.equal(at('x'));
        expect(await directory.lookup('a/b/2')).to.equal(undefined);
      }));

    it('of activations that are registered at once one wins, and all learn which', () =>
      world.run(async (directory) => {
        const holders = await Promise.all(
          Array.from({ length: 20 }, (_, index) => directory.register(at(`x${index}`))),
        );
        expect(new Set(holders.map(({ activation }) => activation)).size).to.equal(1);
        expect(await directory.lookup('a/b/1')).to.deep.equal(holders[0]);
      }));

    it('a registration gives way only to who names it', () =>
      world.run(async (directory) => {
        await directory.register(at('old'));
        expect(await directory.register(at('new'), 'another')).to.deep.equal(at('old'));
        expect(await directory.register(at('new'), 'old')).to.deep.equal(at('new'));
        expect(await directory.register(at('newer'), 'old')).to.deep.equal(at('new'));
      }));

    it('a registration is removed only by its own activation', () =>
      world.run(async (directory) => {
        await directory.register(at('x'));
        await directory.unregister('a/b/1', 'y');
        expect(await directory.lookup('a/b/1')).to.deep.equal(at('x'));
        await directory.unregister('a/b/1', 'x');
        await directory.unregister('a/b/1', 'x');
        expect(await directory.lookup('a/b/1')).to.equal(undefined);
      }));
  });
}
