import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';

const WHOLE_RING = { from: 0, to: 2 ** 32 };

/** The numbers and first bytes of events. */
async function events(storage: StateStorage, from: number, limit: number, actor = ACTOR): Promise<string> {
  return (await storage.history(actor, from, limit)).map(({ number, data }) => `${number}:${data[0]}`).join(' ');
}

/** What is promised of the events and snapshots of journals. */
export const JOURNAL_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'events are numbered from 1 without gaps, whatever else is committed between them',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const other = await ClaimedActor.of(storage, 'shop/Cart/2');
      await claimed.commit({ events: [bytes(10), bytes(11)] });
      await other.commit({ events: [bytes(90)] });
      await claimed.commit({ data: bytes(1), events: [] });
      const again = await ClaimedActor.of(storage);
      expectFields('a commit that is fenced', await claimed.attempt({ events: [bytes(99)] }), { kind: 'fenced' });
      await again.commit({ events: [bytes(12)] });
      expectEqual('the events', await events(storage, 1, 10), '1:10 2:11 3:12');
      expectEqual('those of another', await events(storage, 1, 10, 'shop/Cart/2'), '1:90');
      expectFields('the state', await storage.read(ACTOR), { lastEvent: 3 });
    },
  },
  {
    title: 'events are read in pages, from any number on',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const values = Array.from({ length: 12 }, (_, index) => bytes(index + 1));
      await claimed.commit({ events: values });
      expectEqual('a page', await events(storage, 1, 3), '1:1 2:2 3:3');
      expectEqual('the next page', await events(storage, 4, 3), '4:4 5:5 6:6');
      expectEqual('by number, and not by digits', await events(storage, 9, 3), '9:9 10:10 11:11');
      expectEqual('the last page', await events(storage, 12, 3), '12:12');
      expectEqual('behind the last', await events(storage, 13, 3), '');
    },
  },
  {
    title: 'an event tells when it was written, by the clock of the store',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const { now: before } = await storage.due(WHOLE_RING, 1);
      await claimed.commit({ events: [bytes(1)] });
      const { now: after } = await storage.due(WHOLE_RING, 1);
      const [event] = await storage.history(ACTOR, 1, 1);
      const at = event?.at ?? Number.NaN;
      expectEqual(`${before} <= ${at} <= ${after}`, before <= at && at <= after, true);
    },
  },
  {
    title: 'the last snapshot comes with each read and claim, and the events before it stay',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ events: [bytes(1), bytes(2)], snapshot: { upTo: 2, data: bytes(20) } });
      await claimed.commit({ events: [bytes(3)] });
      expectFields('the snapshot', (await storage.read(ACTOR))?.snapshot, { upTo: 2, data: bytes(20) });
      await claimed.commit({ snapshot: { upTo: 3, data: bytes(30) } });
      expectFields('the next snapshot', (await storage.claim(ACTOR)).snapshot, { upTo: 3, data: bytes(30) });
      expectEqual('the events', await events(storage, 1, 10), '1:1 2:2 3:3');
    },
  },
];
