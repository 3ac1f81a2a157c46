import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';

const HOUR_MS = 3_600_000;
const answer = (key: string, value: number) => ({ key, data: bytes(value) });

/** Which of the answers are there, with their first bytes. */
async function remembered(storage: StateStorage, keys: string, actor = ACTOR): Promise<string> {
  const found = await Promise.all([...keys].map((key) => storage.answer(actor, key)));
  return found.flatMap((data, index) => (data === undefined ? [] : [`${keys[index]}${data[0]}`])).join(' ');
}

/** What is promised of answers that are remembered under the keys of their calls. */
export const ANSWER_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'an answer is remembered under its key, and for its actor alone',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ answers: [answer('a', 1), answer('A', 2)] });
      await (await ClaimedActor.of(storage, 'shop/Cart/2')).commit({ answers: [answer('a', 3)] });
      expectEqual('the answers', await remembered(storage, 'aAb'), 'a1 A2');
      expectEqual('those of another', await remembered(storage, 'aAb', 'shop/Cart/2'), 'a3');
    },
  },
  {
    title: 'an answer under a key that is known replaces the one before',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ answers: [answer('a', 1), answer('b', 2)] });
      await claimed.commit({ answers: [answer('a', 3)] });
      expectEqual('the answers', await remembered(storage, 'ab'), 'a3 b2');
    },
  },
  {
    title: 'the state says how many answers were ever remembered',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(1) });
      expectFields('none', await storage.read(ACTOR), { answers: 0 });
      await claimed.commit({ answers: [answer('a', 1), answer('b', 2)], keptAnswers: 1 });
      await claimed.commit({ answers: [answer('b', 3)], keptAnswers: 1 });
      expectFields('three', await storage.claim(ACTOR), { answers: 3 });
    },
  },
  {
    title: 'no more answers are kept than the commit says, and the oldest are forgotten first',
    async check(storage) {
      const other = await ClaimedActor.of(storage, 'shop/Cart/2');
      await other.commit({ answers: [answer('a', 9), answer('b', 9), answer('c', 9)] });
      const claimed = await ClaimedActor.of(storage);
      for (const [index, key] of [...'abcd'].entries())
        await claimed.commit({ answers: [answer(key, index)], keptAnswers: 3 });
      expectEqual('the youngest', await remembered(storage, 'abcd'), 'b1 c2 d3');
      // What is remembered once more is the youngest.
      await claimed.commit({ answers: [answer('b', 4)], keptAnswers: 3 });
      await claimed.commit({ answers: [answer('e', 5)], keptAnswers: 3 });
      expectEqual('the youngest', await remembered(storage, 'abcde'), 'b4 d3 e5');
      await claimed.commit({ answers: [answer('f', 6), answer('g', 7), answer('h', 8)], keptAnswers: 2 });
      expectEqual('the youngest of one commit', await remembered(storage, 'abcdefgh'), 'g7 h8');
      await claimed.commit({ data: bytes(1), keptAnswers: 1 });
      expectEqual('the youngest, of a commit without answers', await remembered(storage, 'gh'), 'h8');
      expectEqual('those of another', await remembered(storage, 'abc', 'shop/Cart/2'), 'a9 b9 c9');
    },
  },
  {
    title: 'answers are forgotten when they are older than the window, and no sooner, so many at a time',
    async check(storage, _open, sleep) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(1), answers: [answer('a', 1), answer('b', 2)] });
      await (await ClaimedActor.of(storage, 'shop/Cart/2')).commit({ answers: [answer('a', 3)] });
      expectEqual('forgotten', await storage.forget({ answersOlderThanMs: HOUR_MS, limit: 10 }), 0);
      expectEqual('the answers', await remembered(storage, 'ab'), 'a1 b2');
      await sleep(20);
      expectEqual('forgotten', await storage.forget({ answersOlderThanMs: 0, limit: 2 }), 2);
      const left = [await remembered(storage, 'ab'), await remembered(storage, 'a', 'shop/Cart/2')];
      expectEqual('answers that are left', left.join(' ').trim().split(' ').length, 1);
      expectEqual('forgotten', await storage.forget({ answersOlderThanMs: 0, limit: 2 }), 1);
      expectEqual('forgotten', await storage.forget({ answersOlderThanMs: 0, limit: 2 }), 0);
      expectEqual('the answers', await remembered(storage, 'ab'), '');
      expectFields('the state', await storage.read(ACTOR), { version: 1, data: bytes(1), answers: 2 });
    },
  },
  {
    title: 'what was forgotten does not count among the answers that are kept',
    async check(storage, _open, sleep) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ answers: [...'abcd'].map((key) => answer(key, 1)), keptAnswers: 4 });
      await sleep(20);
      expectEqual('forgotten', await storage.forget({ answersOlderThanMs: 0, limit: 2 }), 2);
      await claimed.commit({ answers: [answer('e', 2)], keptAnswers: 3 });
      const left = await remembered(storage, 'abcde');
      expectEqual('three are left, with the new one', [left.split(' ').length, left.slice(-2)], [3, 'e2']);
      await claimed.commit({ answers: [answer('f', 3)], keptAnswers: 3 });
      const last = await remembered(storage, 'abcdef');
      expectEqual('three are left, with the last two', [last.split(' ').length, last.slice(-5)], [3, 'e2 f3']);
    },
  },
];
