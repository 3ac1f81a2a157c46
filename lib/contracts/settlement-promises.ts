import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor, TOGETHER } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';
import { delivery, dueIds, HOUR_MS, idsOf, kept, pageIds, RING } from './kept-deliveries';

/** What is promised of deliveries that were read: each is settled once, as it was read. */
export const SETTLEMENT_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'a delivery that was made is gone, and is settled once',
    async check(storage) {
      await storage.deliver([delivery('a', { at: 1_000 }), delivery('b', { at: 2_000 })]);
      const [first] = (await storage.due(RING, 1)).deliveries;
      const settlement = { id: 'a', version: first?.version ?? 0 };
      expectEqual('the settlement', await storage.settle(settlement), true);
      expectEqual('the same again', await storage.settle(settlement), false);
      expectEqual('one that never was', await storage.settle({ id: 'never', version: 1 }), false);
      expectEqual('what is due', await dueIds(storage), 'b');
      expectEqual('the deliveries', await pageIds(storage), 'b');
    },
  },
  {
    title: 'of settlements that are made at once, one holds',
    async check(storage) {
      await storage.deliver([delivery('a')]);
      const { version } = await kept(storage, 'a');
      const next = { due: { inMs: HOUR_MS }, data: bytes(2) };
      const settled = await Promise.all(
        Array.from({ length: TOGETHER }, () => storage.settle({ id: 'a', version, next })),
      );
      expectEqual('settlements that hold', settled.filter((each) => each).length, 1);
    },
  },
  {
    title: 'a delivery that is to be made again is due when the settlement says, for the same actor',
    async check(storage) {
      await storage.deliver([delivery('a', { at: 1_000 }), delivery('b', { at: 2_000 })]);
      const read = await kept(storage, 'a');
      const later = { due: { inMs: HOUR_MS }, data: bytes(2, 2) };
      expectEqual('the settlement', await storage.settle({ id: 'a', version: read.version, next: later }), true);
      const found = await storage.due(RING, 100);
      const again = await kept(storage, 'a');
      expectEqual('what is due', idsOf(found.deliveries), 'b');
      expectEqual('the next one', found.nextAt, again.dueAt);
      expectFields('what is kept', again, { target: ACTOR, data: bytes(2, 2) });
      expectEqual('its version is another one', again.version === read.version, false);
      const next = { due: { at: 3_000 }, data: bytes(3) };
      expectEqual('the next settlement', await storage.settle({ id: 'a', version: again.version, next }), true);
      expectEqual('what is due', await dueIds(storage), 'b a');
      expectEqual('of its slot', await dueIds(storage, 10, { from: 5, to: 6 }), 'b a');
    },
  },
  {
    title: 'a delivery that has changed since it was read is not settled, and nothing is written',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await storage.deliver([delivery('a', { at: 1_000 })]);
      const { version } = await kept(storage, 'a');
      await claimed.commit({ deliveries: [delivery('a', { at: 2_000 }, { data: bytes(2) })] });
      const replaced = await kept(storage, 'a');
      const next = { due: { at: 9_000 }, data: bytes(9) };
      expectEqual('a settlement', await storage.settle({ id: 'a', version }), false);
      expectEqual('one that goes on', await storage.settle({ id: 'a', version, next }), false);
      expectFields('what is kept', await kept(storage, 'a'), {
        dueAt: 2_000,
        version: replaced.version,
        data: bytes(2),
      });
    },
  },
  {
    title: 'a delivery that was removed and written again under its id is another one',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const versions: number[] = [];
      for (let round = 0; round < 3; round++) {
        await storage.deliver([delivery('a')]);
        const { version } = await kept(storage, 'a');
        for (const before of versions)
          expectEqual('a settlement of one before', await storage.settle({ id: 'a', version: before }), false);
        versions.push(version);
        if (round === 0) await claimed.commit({ cancels: ['a'] });
        else expectEqual('a settlement', await storage.settle({ id: 'a', version }), true);
      }
    },
  },
  {
    title: 'a dead letter is never due, is listed among its kind, and can be brought back',
    async check(storage) {
      await storage.deliver([delivery('a', { at: 1_000 }), delivery('b', { at: 2_000 }), delivery('c', { at: 3_000 })]);
      for (const id of ['a', 'c']) {
        const { version } = await kept(storage, id);
        const next = { due: 'never' as const, data: bytes(7) };
        expectEqual('the settlement', await storage.settle({ id, version, next }), true);
      }
      expectEqual('what is due', await dueIds(storage), 'b');
      expectFields('what will be', await storage.due(RING, 10), { nextAt: undefined });
      expectEqual('dead letters', await pageIds(storage, { onlyDead: true }), 'a c');
      expectEqual('of an actor', await pageIds(storage, { onlyDead: true, target: ACTOR, after: 'a' }), 'c');
      expectEqual('of another', await pageIds(storage, { onlyDead: true, target: 'shop/Cart/2' }), '');
      expectEqual('all', await pageIds(storage), 'a b c');
      const dead = await kept(storage, 'a');
      expectFields('a dead letter', dead, { dueAt: undefined, data: bytes(7) });
      const next = { due: { at: 1_000 }, data: bytes(8) };
      expectEqual('it comes back', await storage.settle({ id: 'a', version: dead.version, next }), true);
      expectEqual('what is due', await dueIds(storage), 'a b');
      expectEqual('dead letters', await pageIds(storage, { onlyDead: true }), 'c');
    },
  },
];
