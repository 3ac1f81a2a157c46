import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';
import { delivery, dueIds, HOUR_MS, idsOf, kept, pageIds, RING, whenDue } from './kept-deliveries';

const SOON_MS = 40;

/** What is promised of deliveries: who keeps them, and when they are due. */
export const DELIVERY_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'what is due is found as it was written, the longest due first',
    async check(storage) {
      const data = Uint8Array.from({ length: 256 }, (_, value) => value);
      await storage.deliver([delivery('b', { at: 3_000 }), delivery('a', { at: 9_000 })]);
      await storage.deliver([delivery('c', { at: 6_000 }, { target: 'shop/Cart/\u{e4}', data })]);
      const { deliveries } = await storage.due(RING, 100);
      expectEqual('what is due', idsOf(deliveries), 'b c a');
      const [, found] = deliveries;
      expectFields('one of them', found, { id: 'c', target: 'shop/Cart/\u{e4}', dueAt: 6_000, data });
    },
  },
  {
    title: 'nothing is due early by the clock of the store, which tells when the next one will be',
    async check(storage, _open, sleep) {
      const { now: before } = await storage.due(RING, 1);
      await storage.deliver([delivery('soon', { inMs: SOON_MS }), delivery('later', { inMs: HOUR_MS })]);
      const { dueAt: soonAt = 0 } = await kept(storage, 'soon');
      expectEqual('it is due after the delay', soonAt >= before + SOON_MS, true);
      const found = await whenDue(storage, sleep);
      expectEqual('what is due', idsOf(found.deliveries), 'soon');
      expectEqual(`${soonAt} <= ${found.now}`, soonAt <= found.now, true);
      expectEqual('the next one', found.nextAt, (await kept(storage, 'later')).dueAt);
      const at = found.now + HOUR_MS / 2;
      await storage.deliver([delivery('between', { at })]);
      expectFields('what is due', await storage.due(RING, 100), { nextAt: at });
      expectEqual('what is due', await dueIds(storage), 'soon');
    },
  },
  {
    title: 'when nothing waits, nothing will be due next',
    async check(storage) {
      const none = await storage.due(RING, 10);
      expectFields('of an empty store', none, { deliveries: [], nextAt: undefined });
      await storage.deliver([
        delivery('a'),
        delivery('b', { inMs: 0 }, { slot: 900 }),
        delivery('c', { inMs: HOUR_MS }),
      ]);
      expectFields('with one outside of the range', await storage.due({ from: 6, to: 1_000 }, 10), {
        nextAt: undefined,
      });
    },
  },
  {
    title: 'what is due is found by its part of the ring: from one slot to before another',
    async check(storage) {
      const slots = [0, 7, 8, 2 ** 31, 2 ** 32 - 1];
      await storage.deliver(slots.map((slot, index) => delivery(`d${index}`, { at: 1_000 + index }, { slot })));
      expectEqual('of all', await dueIds(storage), 'd0 d1 d2 d3 d4');
      expectEqual('of a part', await dueIds(storage, 100, { from: 7, to: 2 ** 31 }), 'd1 d2');
      expectEqual('of the end', await dueIds(storage, 100, { from: 2 ** 31, to: 2 ** 32 }), 'd3 d4');
      expectEqual('of nothing', await dueIds(storage, 100, { from: 9, to: 9 }), '');
    },
  },
  {
    title: 'no more is found due at once than is asked for',
    async check(storage) {
      await storage.deliver(Array.from({ length: 5 }, (_, index) => delivery(`d${index}`, { at: 1_000 + index })));
      await storage.deliver([delivery('later', { inMs: HOUR_MS })]);
      const found = await storage.due(RING, 2);
      expectEqual('what is due', idsOf(found.deliveries), 'd0 d1');
      expectEqual('the next one', found.nextAt, (await kept(storage, 'later')).dueAt);
    },
  },
  {
    title: 'a delivery whose id is known stays as it is, unless a commit brings it',
    async check(storage) {
      await storage.deliver([delivery('d', { at: 1_000 }), delivery('e', { at: 1_000 })]);
      await storage.deliver([delivery('d', { at: 9_000 }, { data: bytes(2), slot: 6 }), delivery('f', { at: 1_000 })]);
      expectFields('a delivery that is repeated', await kept(storage, 'd'), { dueAt: 1_000, data: bytes(1) });
      expectEqual('what came with it', await pageIds(storage), 'd e f');
      const before = await kept(storage, 'd');
      const again = delivery('d', { at: 9_000 }, { target: 'shop/Cart/2', data: bytes(3), slot: 6 });
      await (await ClaimedActor.of(storage)).commit({ deliveries: [again] });
      const after = await kept(storage, 'd');
      expectFields('one in its place', after, { target: 'shop/Cart/2', dueAt: 9_000, data: bytes(3) });
      expectEqual('its version is another one', after.version === before.version, false);
      expectEqual('of its new slot', await dueIds(storage, 10, { from: 6, to: 7 }), 'd');
    },
  },
  {
    title: 'a commit cancels deliveries before it brings others, and what is gone already is no mistake',
    async check(storage) {
      await storage.deliver(['a', 'b', 'c'].map((id) => delivery(id)));
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({
        cancels: ['a', 'gone', 'b'],
        deliveries: [delivery('b', { at: 1_000 }, { data: bytes(2) })],
      });
      expectEqual('the deliveries', await pageIds(storage), 'b c');
      expectFields('the one that was brought', await kept(storage, 'b'), { data: bytes(2) });
      await claimed.commit({ cancels: ['a', 'b', 'c'] });
      expectEqual('what is due', await dueIds(storage), '');
    },
  },
  {
    title: 'deliveries are listed a page at a time, by the bytes of their ids',
    async check(storage) {
      const sorted = ['A', 'B', 'a', '\u{e4}', '\u{ff61}', '\u{1f600}'];
      await storage.deliver([...sorted].reverse().map((id, index) => delivery(id, { inMs: index * HOUR_MS })));
      expectEqual('the list', await pageIds(storage), sorted.join(' '));
      const first = await storage.deliveries({ limit: 3 });
      expectEqual('a page', [idsOf(first.deliveries), first.isLast], ['A B a', false]);
      const second = await storage.deliveries({ limit: 3, after: 'a' });
      expectEqual('the last page', [idsOf(second.deliveries), second.isLast], [sorted.slice(3).join(' '), true]);
      expectEqual('behind all', await storage.deliveries({ limit: 3, after: '\u{1f600}' }), {
        deliveries: [],
        isLast: true,
      });
    },
  },
  {
    title: 'deliveries are listed by whom they are for',
    async check(storage) {
      const of = (target: string) => ({ target });
      await storage.deliver([delivery('a', { inMs: 0 }, of('shop/Cart/2')), delivery('b'), delivery('c')]);
      await storage.deliver([delivery('d', { inMs: 0 }, of('shop/Cart/11'))]);
      expectEqual('of one', await pageIds(storage, { target: ACTOR }), 'b c');
      expectEqual('behind one', await pageIds(storage, { target: ACTOR, after: 'b' }), 'c');
      expectEqual('of nobody', await pageIds(storage, { target: 'shop/Cart/' }), '');
      const page = await storage.deliveries({ target: ACTOR, limit: 1 });
      expectEqual('a page', [idsOf(page.deliveries), page.isLast], ['b', false]);
    },
  },
  {
    title: 'whoever opens it once more sees the same deliveries',
    async check(storage, open) {
      await storage.deliver([delivery('a', { at: 1_000 })]);
      const other = await open();
      await other.deliver([delivery('b', { at: 2_000 })]);
      expectEqual('what is due there', await dueIds(other), 'a b');
      const { version } = await kept(storage, 'b');
      expectEqual('it is settled', await storage.settle({ id: 'b', version }), true);
      expectEqual('it is settled there', await other.settle({ id: 'b', version }), false);
      expectEqual('what is due there', await dueIds(other), 'a');
    },
  },
];
