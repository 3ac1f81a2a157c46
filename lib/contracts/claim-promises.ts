import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor, TOGETHER } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';

/** What is promised of claims and of reading what was written under them. */
export const CLAIM_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'the first claim finds nothing, and each further one has the next epoch',
    async check(storage) {
      expectFields('the first claim', await storage.claim(ACTOR), {
        epoch: 1,
        version: 0,
        writeId: '',
        data: undefined,
        snapshot: undefined,
        lastEvent: 0,
        answers: 0,
      });
      expectFields('the second claim', await storage.claim(ACTOR), { epoch: 2, version: 0 });
      expectFields('the first claim of another actor', await storage.claim('shop/Cart/2'), { epoch: 1 });
    },
  },
  {
    title: 'what was written is what every read and the next claim find',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const data = bytes(1, 2, 3);
      const outcome = await claimed.attempt({ data }, 'w1');
      expectEqual('the commit', outcome, { kind: 'accepted', version: 1 });
      expectFields('a read', await storage.read(ACTOR), { epoch: 1, version: 1, writeId: 'w1', data });
      expectFields('the next claim', await storage.claim(ACTOR), { epoch: 2, version: 1, writeId: 'w1', data });
    },
  },
  {
    title: 'of an actor that never claimed a state there is nothing to read',
    async check(storage) {
      await storage.claim(ACTOR);
      expectEqual('a read', await storage.read('shop/Cart/none'), undefined);
      expectEqual('its events', await storage.history('shop/Cart/none', 1, 10), []);
      expectEqual('an answer', await storage.answer('shop/Cart/none', 'k'), undefined);
    },
  },
  {
    title: 'claims that are made at once all have different epochs',
    async check(storage) {
      const claims = await Promise.all(Array.from({ length: TOGETHER }, () => storage.claim(ACTOR)));
      expectEqual('different epochs', new Set(claims.map(({ epoch }) => epoch)).size, TOGETHER);
    },
  },
  {
    title: 'whoever opens it once more sees what is there, and the two share one fence',
    async check(storage, open) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(7) });
      const other = await open();
      expectFields('a read of the other', await other.read(ACTOR), { epoch: 1, version: 1, data: bytes(7) });
      const claims = await Promise.all(
        Array.from({ length: TOGETHER }, (_, index) => (index % 2 === 0 ? storage : other).claim(ACTOR)),
      );
      expectEqual('different epochs', new Set(claims.map(({ epoch }) => epoch)).size, TOGETHER);
      const fenced = await claimed.attempt({ data: bytes(8) });
      expectFields('a commit that was fenced by the other', fenced, { kind: 'fenced' });
    },
  },
  {
    title: 'actors are distinguished by every character of their names, however long these are',
    async check(storage) {
      const long = `shop/Cart/${'x'.repeat(900)}`;
      const keys = ['a', 'A', 'a ', 'a/', 'ä', '..'].map((key) => `shop/Cart/${key}`);
      const names = [...keys, long, `${long}y`];
      for (const [index, actor] of names.entries())
        await (await ClaimedActor.of(storage, actor)).commit({ data: bytes(index) });
      for (const [index, actor] of names.entries())
        expectFields(`a read of ${actor.slice(0, 20)}`, await storage.read(actor), { epoch: 1, data: bytes(index) });
    },
  },
];
