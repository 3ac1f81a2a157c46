import type { StateCommit } from '../storage/state-commit';
import type { StateStorage } from '../storage/state-storage';
import { expectEqual, expectFields, type Contract } from './contract';

const ACTOR = 'shop/Cart/1';
const TOGETHER = 20;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const write = (epoch: number, version: number, writeId: string, data = bytes(version), actor = ACTOR): StateCommit => ({
  actor,
  epoch,
  version,
  writeId,
  data,
});

/** What every {@link StateStorage} promises: it alone decides which activation may write. */
export const stateStorageContract: Contract<StateStorage> = {
  name: 'a state storage',
  promises: [
    {
      title: 'the first claim finds nothing, and each further one has the next epoch',
      async check(storage) {
        expectFields('the first claim', await storage.claim(ACTOR), {
          epoch: 1,
          version: 0,
          writeId: '',
          data: undefined,
        });
        expectFields('the second claim', await storage.claim(ACTOR), { epoch: 2, version: 0 });
        expectFields('the first claim of another actor', await storage.claim('shop/Cart/2'), { epoch: 1 });
      },
    },
    {
      title: 'what was written is what every read and the next claim find',
      async check(storage) {
        await storage.claim(ACTOR);
        const data = bytes(1, 2, 3);
        expectEqual('the write', await storage.commit(write(1, 0, 'w1', data)), { kind: 'accepted', version: 1 });
        expectFields('a read', await storage.read(ACTOR), { epoch: 1, version: 1, writeId: 'w1', data });
        expectFields('the next claim', await storage.claim(ACTOR), { epoch: 2, version: 1, writeId: 'w1', data });
      },
    },
    {
      title: 'of an actor that never claimed a state there is nothing to read',
      async check(storage) {
        await storage.claim(ACTOR);
        expectEqual('a read', await storage.read('shop/Cart/none'), undefined);
      },
    },
    {
      title: 'a stale epoch is fenced, even with the present version',
      async check(storage) {
        await storage.claim(ACTOR);
        await storage.commit(write(1, 0, 'w1'));
        await storage.claim(ACTOR);
        expectEqual('the write', await storage.commit(write(1, 1, 'w2')), { kind: 'fenced', epoch: 2 });
        expectFields('a read', await storage.read(ACTOR), { version: 1, writeId: 'w1' });
      },
    },
    {
      title: 'a write without any claim is fenced, and leaves nothing',
      async check(storage) {
        expectEqual('the write', await storage.commit(write(1, 0, 'w1')), { kind: 'fenced', epoch: 0 });
        expectEqual('a read', await storage.read(ACTOR), undefined);
      },
    },
    {
      title: 'a version that is not the present one is a conflict, which names the write that is there',
      async check(storage) {
        await storage.claim(ACTOR);
        await storage.commit(write(1, 0, 'w1', bytes(1)));
        const conflict = { kind: 'conflict', version: 1, writeId: 'w1' };
        expectEqual('an older version', await storage.commit(write(1, 0, 'w2', bytes(2))), conflict);
        expectEqual('a version to come', await storage.commit(write(1, 2, 'w3', bytes(3))), conflict);
        expectFields('a read', await storage.read(ACTOR), { version: 1, data: bytes(1) });
      },
    },
    {
      title: 'a write that is repeated because its answer was lost is known by its id',
      async check(storage) {
        await storage.claim(ACTOR);
        await storage.commit(write(1, 0, 'w1'));
        await storage.commit(write(1, 1, 'w2'));
        const repeated = await storage.commit(write(1, 1, 'w2'));
        expectEqual('the repeated write', repeated, { kind: 'conflict', version: 2, writeId: 'w2' });
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
      title: 'of writes that are made at once for one version, one is accepted',
      async check(storage) {
        await storage.claim(ACTOR);
        const names = Array.from({ length: TOGETHER }, (_, index) => `w${index}`);
        const outcomes = await Promise.all(names.map((name) => storage.commit(write(1, 0, name))));
        expectEqual('accepted writes', outcomes.filter(({ kind }) => kind === 'accepted').length, 1);
      },
    },
    {
      title: 'whoever opens it once more sees what is there, and the two share one fence',
      async check(storage, open) {
        await storage.claim(ACTOR);
        await storage.commit(write(1, 0, 'w1', bytes(7)));
        const other = await open();
        expectFields('a read of the other', await other.read(ACTOR), { epoch: 1, version: 1, data: bytes(7) });
        const claims = await Promise.all(
          Array.from({ length: TOGETHER }, (_, index) => (index % 2 === 0 ? storage : other).claim(ACTOR)),
        );
        expectEqual('different epochs', new Set(claims.map(({ epoch }) => epoch)).size, TOGETHER);
        expectFields('a write that was fenced by the other', await storage.commit(write(1, 1, 'w2')), {
          kind: 'fenced',
        });
      },
    },
    {
      title: 'actors are distinguished by every character of their names, however long these are',
      async check(storage) {
        const long = `shop/Cart/${'x'.repeat(900)}`;
        const names = [
          'shop/Cart/a',
          'shop/Cart/A',
          'shop/Cart/a ',
          'shop/Cart/a/',
          'shop/Cart/ä',
          'shop/Cart/..',
          long,
          `${long}y`,
        ];
        for (const [index, actor] of names.entries()) {
          await storage.claim(actor);
          await storage.commit(write(1, 0, `w${index}`, bytes(index), actor));
        }
        for (const [index, actor] of names.entries())
          expectFields(`a read of ${actor.slice(0, 20)}`, await storage.read(actor), { epoch: 1, data: bytes(index) });
      },
    },
    {
      title: 'bytes come back as they were: none, all values, and a megabyte',
      async check(storage) {
        await storage.claim(ACTOR);
        const all = Uint8Array.from({ length: 256 }, (_, value) => value);
        const values = [bytes(), all, Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 251)];
        for (const [version, data] of values.entries()) {
          await storage.commit(write(1, version, `w${version}`, data));
          expectFields(`a read of ${data.length} bytes`, await storage.read(ACTOR), { version: version + 1, data });
        }
      },
    },
    {
      title: 'the buffer of a write belongs to the writer again when the write is done',
      async check(storage) {
        await storage.claim(ACTOR);
        const buffer = bytes(1, 2, 3);
        await storage.commit(write(1, 0, 'w1', buffer));
        buffer.fill(9);
        expectFields('a read', await storage.read(ACTOR), { data: bytes(1, 2, 3) });
      },
    },
  ],
};
