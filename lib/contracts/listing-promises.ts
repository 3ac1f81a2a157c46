import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor } from './claimed-actor';
import { expectEqual, type ContractPromise } from './contract';

/** Paths in the order of their bytes; that of their UTF-16 units is another one. */
const SORTED = [
  'shop/A/1',
  'shop/B/%',
  'shop/B/A',
  'shop/B/_',
  'shop/B/a',
  'shop/B/\u{e4}',
  'shop/B/\u{ff61}',
  'shop/B/\u{1f600}',
  'shop/B0',
  'shop/C/1',
];

async function fill(storage: StateStorage, actors: readonly string[]): Promise<void> {
  await Promise.all(
    actors.map(async (actor) => (await ClaimedActor.of(storage, actor)).commit({ data: bytes(actor.length) })),
  );
}

async function listed(storage: StateStorage, prefix = '', after?: string): Promise<readonly string[]> {
  const query = after === undefined ? { prefix, limit: 100 } : { prefix, after, limit: 100 };
  return (await storage.list(query)).actors.map(({ actor }) => actor);
}

/** What is promised of lists of actors. */
export const LISTING_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'actors are listed by the bytes of their paths',
    async check(storage) {
      await fill(storage, [...SORTED].reverse());
      expectEqual('the list', await listed(storage), SORTED);
      expectEqual('what is behind one', await listed(storage, '', 'shop/B/\u{ff61}'), SORTED.slice(7));
    },
  },
  {
    title: 'actors are listed a page at a time, and the last page says so',
    async check(storage) {
      await fill(storage, SORTED);
      const pages: string[][] = [];
      let after: string | undefined;
      for (let isLast = false; !isLast;) {
        const page = await storage.list({ prefix: '', limit: 5, ...(after === undefined ? {} : { after }) });
        pages.push(page.actors.map(({ actor }) => actor));
        after = page.actors.at(-1)?.actor;
        ({ isLast } = page);
      }
      expectEqual('the pages', pages, [SORTED.slice(0, 5), SORTED.slice(5)]);
      const behind = await storage.list({ prefix: '', after: 'shop/Z', limit: 5 });
      expectEqual('a page behind all', behind, { actors: [], isLast: true });
    },
  },
  {
    title: 'a prefix limits the list to paths that begin so, character by character',
    async check(storage) {
      await fill(storage, SORTED);
      expectEqual('the list', await listed(storage, 'shop/B/'), SORTED.slice(1, 8));
      expectEqual('of what is a sign elsewhere', await listed(storage, 'shop/B/_'), ['shop/B/_']);
      expectEqual('of what is another sign elsewhere', await listed(storage, 'shop/B/%'), ['shop/B/%']);
      expectEqual('of small letters', await listed(storage, 'shop/b'), []);
      expectEqual('of one whole path', await listed(storage, 'shop/A/1'), ['shop/A/1']);
      expectEqual('behind one', await listed(storage, 'shop/B/', 'shop/B/a'), SORTED.slice(5, 8));
      expectEqual('behind one before them', await listed(storage, 'shop/B/', 'shop/A/1'), SORTED.slice(1, 8));
      expectEqual('behind one after them', await listed(storage, 'shop/B/', 'shop/C/1'), []);
    },
  },
  {
    title: 'an actor of which nothing is stored is not listed',
    async check(storage) {
      await storage.claim('shop/Cart/claimed');
      await (await ClaimedActor.of(storage, 'shop/Cart/answered')).commit({ answers: [{ key: 'k', data: bytes(1) }] });
      const cleared = await ClaimedActor.of(storage, 'shop/Cart/cleared');
      await cleared.commit({ data: bytes(1) });
      const deleted = await ClaimedActor.of(storage, 'shop/Cart/deleted');
      await deleted.commit({ data: bytes(1), events: [bytes(1)] });
      await (await ClaimedActor.of(storage, 'shop/Cart/events')).commit({ events: [bytes(1)] });
      const all = ['shop/Cart/cleared', 'shop/Cart/deleted', 'shop/Cart/events'];
      expectEqual('the list', await listed(storage), all);
      await cleared.commit({ data: null });
      await deleted.commit({ destroys: true });
      expectEqual('the list of what is left', await listed(storage), ['shop/Cart/events']);
      expectEqual('the count of what is left', await storage.count(''), 1);
      await cleared.commit({ data: bytes() });
      expectEqual('the list with what came back', await listed(storage), ['shop/Cart/cleared', 'shop/Cart/events']);
    },
  },
  {
    title: 'the list tells the present version of each actor',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(1) });
      await claimed.commit({ events: [bytes(1)] });
      await storage.claim(ACTOR);
      const { actors } = await storage.list({ prefix: '', limit: 10 });
      expectEqual('the list', actors, [{ actor: ACTOR, version: 2 }]);
    },
  },
  {
    title: 'actors are counted by prefix',
    async check(storage) {
      await fill(storage, SORTED);
      await storage.claim('shop/B/claimed');
      expectEqual('all', await storage.count(''), SORTED.length);
      expectEqual('some', await storage.count('shop/B/'), 7);
      expectEqual('one', await storage.count('shop/B/_'), 1);
      expectEqual('none', await storage.count('shop/D'), 0);
    },
  },
];
