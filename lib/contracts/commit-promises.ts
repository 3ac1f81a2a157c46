import type { StateStorage } from '../storage/state-storage';
import { ACTOR, bytes, ClaimedActor, TOGETHER, type Decided } from './claimed-actor';
import { expectEqual, expectFields, type ContractPromise } from './contract';

/** Something of everything that a commit may hold. */
function everything(value: number): Decided {
  const data = bytes(value);
  return {
    data,
    events: [data, bytes(value, value)],
    snapshot: { upTo: 1, data },
    answers: [{ key: 'k', data }],
    deliveries: [{ id: `d${value}`, target: ACTOR, slot: 5, due: { inMs: 0 }, data }],
  };
}

/** All that the store tells of the actor, but for its epoch. */
async function content(storage: StateStorage): Promise<unknown> {
  const { epoch: _epoch, ...state } = (await storage.read(ACTOR)) ?? {};
  const history = await storage.history(ACTOR, 1, 10);
  const { deliveries } = await storage.deliveries({ limit: 10 });
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, each: unknown) => each ?? null));
  return plain({
    state,
    history,
    answer: await storage.answer(ACTOR, 'k'),
    other: await storage.answer(ACTOR, 'other'),
    deliveries,
    listed: await storage.list({ prefix: '', limit: 10 }),
  });
}

/** A commit of everything, made against what is refused, and what must be as it was afterwards. */
async function expectNothingWritten(storage: StateStorage, refused: ClaimedActor, kind: string): Promise<void> {
  const before = await content(storage);
  const parts = { ...everything(9), answers: [{ key: 'other', data: bytes(9) }], cancels: ['d1'] };
  expectFields('the commit', await refused.attempt(parts), { kind });
  expectEqual('what is stored', await content(storage), before);
  expectFields('a deletion', await refused.attempt({ destroys: true }), { kind });
  expectEqual('what is stored', await content(storage), before);
}

/** What is promised of commits: all of it is written, or nothing. */
export const COMMIT_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'a commit writes all that it holds',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit(everything(1));
      await claimed.commit({ ...everything(2), answers: [{ key: 'other', data: bytes(2) }], cancels: ['d1'] });
      expectFields('a read', await storage.read(ACTOR), { version: 2, data: bytes(2), lastEvent: 4, answers: 2 });
      expectFields('the snapshot', (await storage.read(ACTOR))?.snapshot, { upTo: 1, data: bytes(2) });
      const history = await storage.history(ACTOR, 1, 10);
      const written = [[1], [1, 1], [2], [2, 2]];
      expectEqual(
        'the events',
        history.map(({ data }) => [...data]),
        written,
      );
      expectEqual('an answer', [...((await storage.answer(ACTOR, 'k')) ?? [])], [1]);
      expectEqual('another answer', [...((await storage.answer(ACTOR, 'other')) ?? [])], [2]);
      const { deliveries } = await storage.deliveries({ limit: 10 });
      expectEqual(
        'the deliveries',
        deliveries.map(({ id }) => id),
        ['d2'],
      );
    },
  },
  {
    title: 'a stale epoch is fenced, even with the present version, and nothing of the commit is written',
    async check(storage) {
      const before = await ClaimedActor.of(storage);
      await before.commit(everything(1));
      await storage.claim(ACTOR);
      expectEqual('the commit', await before.attempt({ data: bytes(2) }), { kind: 'fenced', epoch: 2 });
      await expectNothingWritten(storage, before, 'fenced');
    },
  },
  {
    title: 'a commit without any claim is fenced, and leaves nothing',
    async check(storage) {
      const commit = { actor: ACTOR, epoch: 1, version: 0, writeId: 'w1', ...everything(1) };
      expectEqual('the commit', await storage.commit(commit), { kind: 'fenced', epoch: 0 });
      expectEqual('a read', await storage.read(ACTOR), undefined);
      expectEqual('the events', await storage.history(ACTOR, 1, 10), []);
      expectEqual('the deliveries', (await storage.deliveries({ limit: 10 })).deliveries, []);
    },
  },
  {
    title:
      'a version that is not the present one is a conflict, which names the commit that is there, and nothing is written',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      expectFields('the commit', await claimed.attempt(everything(1), 'w1'), { kind: 'accepted' });
      const conflict = { kind: 'conflict', version: 1, writeId: 'w1' };
      expectEqual('an older version', await claimed.attempt({ data: bytes(2) }, 'w2'), conflict);
      const { epoch } = claimed;
      const ahead = { actor: ACTOR, epoch, version: 2, writeId: 'w3', data: bytes(3) };
      expectEqual('a version to come', await storage.commit(ahead), conflict);
      expectFields('a read', await storage.read(ACTOR), { version: 1, data: bytes(1) });
      await expectNothingWritten(storage, claimed, 'conflict');
    },
  },
  {
    title: 'a commit that is repeated because its answer was lost is known by its id',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(1) });
      await claimed.attempt({ data: bytes(2), events: [bytes(2)] }, 'w2');
      const repeated = await claimed.attempt({ data: bytes(2), events: [bytes(2)] }, 'w2');
      expectEqual('the repeated commit', repeated, { kind: 'conflict', version: 2, writeId: 'w2' });
      expectFields('a read', await storage.read(ACTOR), { version: 2, lastEvent: 1 });
    },
  },
  {
    title: 'of commits that are made at once for one version, one is accepted',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const names = Array.from({ length: TOGETHER }, (_, index) => `w${index}`);
      const outcomes = await Promise.all(names.map((name) => claimed.attempt({ events: [bytes(1)] }, name)));
      expectEqual('accepted commits', outcomes.filter(({ kind }) => kind === 'accepted').length, 1);
      expectFields('a read', await storage.read(ACTOR), { version: 1, lastEvent: 1 });
    },
  },
  {
    title: 'states of which a commit says nothing stay as they are',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit({ data: bytes(1) });
      await claimed.commit({ events: [bytes(2)] });
      await claimed.commit({});
      expectFields('a read', await storage.read(ACTOR), { version: 3, data: bytes(1), lastEvent: 1 });
    },
  },
  {
    title: 'states that a commit clears are gone, and nothing else',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit(everything(1));
      await claimed.commit({ data: null });
      const { snapshot, ...state } = (await storage.read(ACTOR)) ?? {};
      expectFields('a read', state, { version: 2, data: undefined, lastEvent: 2, answers: 1 });
      expectFields('the snapshot', snapshot, { upTo: 1 });
      await claimed.commit({ data: bytes() });
      expectFields('a read of no bytes, which are states too', await storage.read(ACTOR), { data: bytes() });
    },
  },
  {
    title: 'an actor that is deleted has no states, events, snapshot and answers; its epoch stays, its versions go on',
    async check(storage) {
      const other = await ClaimedActor.of(storage, 'shop/Cart/2');
      await other.commit(everything(7));
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit(everything(1));
      await claimed.commit({ destroys: true });
      const left = { epoch: 1, version: 2, data: undefined, snapshot: undefined, lastEvent: 0, answers: 0 };
      expectFields('a read', await storage.read(ACTOR), left);
      expectEqual('its events', await storage.history(ACTOR, 1, 10), []);
      expectEqual('its answer', await storage.answer(ACTOR, 'k'), undefined);
      const { deliveries } = await storage.deliveries({ limit: 10 });
      expectEqual(
        'deliveries stay',
        deliveries.map(({ id }) => id),
        ['d1', 'd7'],
      );
      expectFields('another actor', await storage.read('shop/Cart/2'), { data: bytes(7), lastEvent: 2, answers: 1 });
      expectFields('the next claim', await storage.claim(ACTOR), { ...left, epoch: 2 });
    },
  },
  {
    title: 'what comes with a deletion is written after it',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      await claimed.commit(everything(1));
      await claimed.commit({
        destroys: true,
        data: bytes(2),
        events: [bytes(3)],
        answers: [{ key: 'n', data: bytes(4) }],
      });
      const left = { version: 2, data: bytes(2), snapshot: undefined, lastEvent: 1, answers: 1 };
      expectFields('a read', await storage.read(ACTOR), left);
      const history = await storage.history(ACTOR, 1, 10);
      expectEqual(
        'its events',
        history.map(({ number, data }) => [number, ...data]),
        [[1, 3]],
      );
      expectEqual('an answer of before', await storage.answer(ACTOR, 'k'), undefined);
      expectEqual('the new answer', [...((await storage.answer(ACTOR, 'n')) ?? [])], [4]);
    },
  },
  {
    title: 'bytes come back as they were: none, all values, and a megabyte',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      for (const data of [bytes(), all, Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 251)]) {
        await claimed.commit({ data, events: [data], snapshot: { upTo: 1, data }, answers: [{ key: 'k', data }] });
        const state = await storage.read(ACTOR);
        const [event] = await storage.history(ACTOR, claimed.version, 1);
        const found = [state?.data, state?.snapshot?.data, event?.data, await storage.answer(ACTOR, 'k')];
        for (const each of found) expectEqual(`${data.length} bytes`, each && Buffer.compare(each, data), 0);
      }
    },
  },
  {
    title: 'the buffers of a commit belong to the writer again when it is done',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage);
      const buffer = bytes(1, 2, 3);
      const delivery = { id: 'd', target: ACTOR, slot: 5, due: { inMs: 0 }, data: buffer };
      await claimed.commit({
        data: buffer,
        events: [buffer],
        snapshot: { upTo: 1, data: buffer },
        answers: [{ key: 'k', data: buffer }],
        deliveries: [delivery],
      });
      buffer.fill(9);
      const state = await storage.read(ACTOR);
      const [event] = await storage.history(ACTOR, 1, 1);
      const [kept] = (await storage.deliveries({ limit: 1 })).deliveries;
      const found = [state?.data, state?.snapshot?.data, event?.data, await storage.answer(ACTOR, 'k'), kept?.data];
      expectEqual(
        'what is stored',
        found.map((data) => [...(data ?? [])]),
        found.map(() => [1, 2, 3]),
      );
    },
  },
];
