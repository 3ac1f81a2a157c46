import { expect } from 'chai';
import fc from 'fast-check';
import {
  actorDirectoryContract,
  describeContract,
  membershipStoreContract,
  stateStorageContract,
  type ContractWorld,
} from 'moonpool/contracts';
import type { PostgresDatabase } from '../../../lib/engines/postgres/postgres-database';
import { asAdmin, freshSchema, openDatabase } from './postgres-fixture';
import { compareWithModel, histories } from './postgres-model';
import { PostgresServer } from './postgres-server';

/** How many histories are compared with the model. */
const RUNS = 15;

describe('The PostgreSQL engine', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  before(async () => {
    // What is promised here has nothing to do with the disk, for which others would wait.
    server = await PostgresServer.create({ fsync: 'off' });
  });
  after(() => server?.remove());

  /** Each promise has a schema of its own, and two that open it are as two processes. */
  function world<T>(of: (database: PostgresDatabase) => T): ContractWorld<T> {
    return {
      async run(body) {
        const schema = freshSchema();
        const opened: PostgresDatabase[] = [];
        const open = async (): Promise<T> => {
          const database = await openDatabase(server, schema, { durability: 'relaxed' });
          opened.push(database);
          return of(database);
        };
        try {
          await body(await open(), open);
        } finally {
          for (const database of opened) await database.stop();
        }
      },
    };
  }

  describeContract(
    'PostgreSQL',
    stateStorageContract,
    world(({ storage }) => storage),
  );
  describeContract(
    'PostgreSQL',
    membershipStoreContract,
    world(({ membership }) => membership),
  );
  describeContract(
    'PostgreSQL',
    actorDirectoryContract,
    world(({ directory }) => directory),
  );

  it('keeps as many answers as it may, also where one key was remembered more than once', async () => {
    const database = await openDatabase(server, freshSchema(), { durability: 'relaxed' });
    const { storage } = database;
    await storage.claim('a/b/c');
    for (const [version, key] of ['k1', 'k2', 'k2', 'k2'].entries())
      await storage.commit({
        ...{ actor: 'a/b/c', epoch: 1, version, writeId: `w${version}` },
        ...{ answers: [{ key, data: Uint8Array.of(version) }], keptAnswers: 2 },
      });
    const kept = await Promise.all(['k1', 'k2'].map((key) => storage.answer('a/b/c', key)));
    expect(kept).to.deep.equal([Uint8Array.of(0), Uint8Array.of(3)]);
    await database.stop();
  });

  it('keeps as many answers as it may, also where the clock went back and younger ones were forgotten first', async () => {
    const schema = freshSchema();
    const database = await openDatabase(server, schema, { durability: 'relaxed' });
    const { storage } = database;
    await storage.claim('a/b/c');
    let version = 0;
    const remember = (...keys: readonly string[]) =>
      storage.commit({
        ...{ actor: 'a/b/c', epoch: 1, version, writeId: `w${version++}` },
        ...{ answers: keys.map((key) => ({ key, data: Uint8Array.of(1) })), keptAnswers: 3 },
      });
    await remember('k1', 'k2', 'k3');
    await asAdmin(server, `UPDATE ${schema}.actor_answer SET at = 5 WHERE key = 'k3'`);
    expect(await storage.forget({ answersOlderThanMs: 60_000, limit: 9 })).to.equal(1);
    await remember('k4');
    const kept = await Promise.all(['k1', 'k2', 'k3', 'k4'].map((key) => storage.answer('a/b/c', key)));
    expect(kept.map((answer) => answer !== undefined)).to.deep.equal([true, true, false, true]);
    await database.stop();
  });

  it('does what the model of a store does, whatever is decided and whatever goes together', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const database = await openDatabase(server, freshSchema(), { durability: 'relaxed' });
        try {
          await compareWithModel(database.storage, steps);
        } finally {
          await database.stop();
        }
      }),
      { numRuns: RUNS },
    );
  });
});
