import type { ActorDirectory, Registration } from '../directory/actor-directory';
import { expectEqual, type Contract } from './contract';

const ACTOR = 'shop/Cart/1';
const TOGETHER = 20;

const at = (activation: string, actor = ACTOR): Registration => ({
  actor,
  activation,
  node: { name: 'n', incarnation: 3 },
  address: '127.0.0.1:5000',
});

/** What every {@link ActorDirectory} promises: of an actor there is one registration at a time. */
export const actorDirectoryContract: Contract<ActorDirectory> = {
  name: 'a directory',
  promises: [
    {
      title: 'an actor that was registered is found there, and others are not',
      async check(directory) {
        expectEqual('the holder', await directory.register(at('x')), at('x'));
        expectEqual('the actor', await directory.lookup(ACTOR), at('x'));
        expectEqual('another', await directory.lookup('shop/Cart/2'), undefined);
      },
    },
    {
      title: 'of activations that are registered at once one wins, and all learn which',
      async check(directory) {
        const names = Array.from({ length: TOGETHER }, (_, index) => `x${index}`);
        const holders = await Promise.all(names.map((name) => directory.register(at(name))));
        expectEqual('different winners', new Set(holders.map(({ activation }) => activation)).size, 1);
        expectEqual('the actor', await directory.lookup(ACTOR), holders[0]);
      },
    },
    {
      title: 'a registration gives way only to who names it',
      async check(directory) {
        await directory.register(at('old'));
        expectEqual('who names nobody', await directory.register(at('new')), at('old'));
        expectEqual('who names another', await directory.register(at('new'), 'another'), at('old'));
        expectEqual('who names it', await directory.register(at('new'), 'old'), at('new'));
        expectEqual('who names one that is gone', await directory.register(at('newer'), 'old'), at('new'));
      },
    },
    {
      title: 'to register again changes nothing',
      async check(directory) {
        await directory.register(at('x'));
        expectEqual('the holder', await directory.register(at('x')), at('x'));
        expectEqual('the actor', await directory.lookup(ACTOR), at('x'));
      },
    },
    {
      title: 'a registration is removed only by its own activation',
      async check(directory) {
        await directory.register(at('x'));
        await directory.unregister(ACTOR, 'y');
        expectEqual('the actor, when another was removed', await directory.lookup(ACTOR), at('x'));
        await directory.unregister(ACTOR, 'x');
        await directory.unregister(ACTOR, 'x');
        expectEqual('the actor, when it was removed', await directory.lookup(ACTOR), undefined);
      },
    },
    {
      title: 'whoever opens it once more finds what was registered, and learns who was there first',
      async check(directory, open) {
        await directory.register(at('x'));
        const other = await open();
        expectEqual('what the other finds', await other.lookup(ACTOR), at('x'));
        expectEqual('what the other is given', await other.register(at('y')), at('x'));
      },
    },
  ],
};
