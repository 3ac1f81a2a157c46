import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StateStorage } from 'moonpool/modules';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { SqliteRecent } from '../../../lib/engines/sqlite/sqlite-recent';
import { SqliteStatements } from '../../../lib/engines/sqlite/sqlite-statements';
import { OpenSqlite } from './sqlite-fixture';

const RING = { from: 0, to: 2 ** 32 };
const text = (value: string): Buffer => Buffer.from(value);
const HEALTHY = 'shop/Cart/healthy';

/** An actor with something in every table. */
async function fill(storage: StateStorage, actor: string): Promise<void> {
  const { epoch } = await storage.claim(actor);
  const outcome = await storage.commit({
    actor,
    epoch,
    version: 0,
    writeId: 'w1',
    data: text('state'),
    events: ['one', 'two', 'three'].map(text),
    snapshot: { upTo: 2, data: text('snapshot') },
    answers: [{ key: 'k', data: text('answer') }],
    deliveries: [{ id: `${actor}-d`, target: actor, slot: 7, due: { at: 1_000 }, data: text('delivery') }],
  });
  expect(outcome.kind).to.equal('accepted');
}

type Work = (storage: StateStorage, actor: string) => Promise<unknown>;
const read: Work = (storage, actor) => storage.read(actor);
const history: Work = (storage, actor) => storage.history(actor, 1, 10);
const answer: Work = (storage, actor) => storage.answer(actor, 'k');
const settle: Work = (storage, actor) => storage.settle({ id: `${actor}-d`, version: 1 });
const ofTarget: Work = (storage, actor) => storage.deliveries({ target: actor, limit: 10 });
const list: Work = (storage, actor) => storage.list({ prefix: actor, limit: 10 });
const commit: Work = (storage, actor) =>
  storage.commit({ actor, epoch: 1, version: 1, writeId: 'w2', events: [text('four')] });

/** What is changed of a row, by what it is noticed, and how it is called. */
const CASES: readonly (readonly [change: string, noticed: readonly Work[], named: string])[] = [
  ["UPDATE actor_state SET data = x'00' WHERE actor = $", [read], 'state of'],
  ['UPDATE actor_state SET data = NULL WHERE actor = $', [read], 'state of'],
  ['UPDATE actor_state SET data_seal = data_seal + 1 WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET last_event = 2 WHERE actor = $', [read, commit, list, history], 'state of'],
  ['UPDATE actor_state SET answers = 0 WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET kept_answers = 0 WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET snapshot_up_to = NULL WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET data_version = 9 WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET later_seal = NULL WHERE actor = $', [read, commit], 'state of'],
  ['UPDATE actor_state SET listed = 0 WHERE actor = $', [read], 'state of'],
  ["UPDATE snapshot SET data = x'00' WHERE actor = $", [read], 'snapshot of'],
  ['UPDATE snapshot SET up_to = 3 WHERE actor = $', [read], 'snapshot of'],
  ['DELETE FROM snapshot WHERE actor = $', [read], 'snapshot of'],
  ["UPDATE event SET data = x'00' WHERE actor = $ AND number = 2", [history], 'event 2 of'],
  ['UPDATE event SET at = at + 1 WHERE actor = $ AND number = 2', [history], 'event 2 of'],
  ['DELETE FROM event WHERE actor = $ AND number = 2', [history], 'event 2 of'],
  ['DELETE FROM event WHERE actor = $ AND number = 3', [history], 'event 3 of'],
  ['UPDATE event SET number = 4 WHERE actor = $ AND number = 3', [history], 'event 3 of'],
  ["UPDATE answer SET data = x'00' WHERE actor = $", [answer], "answer 'k' of"],
  ['UPDATE answer SET at = at - 1 WHERE actor = $', [answer], "answer 'k' of"],
  ["UPDATE delivery SET data = x'00' WHERE target = $", [settle, ofTarget], 'delivery'],
  ['UPDATE delivery SET due_at = 900 WHERE target = $', [settle, ofTarget], 'delivery'],
  ['UPDATE delivery SET due_at = NULL WHERE target = $', [settle, ofTarget], 'delivery'],
  ['UPDATE delivery SET slot = 8 WHERE target = $', [settle, ofTarget], 'delivery'],
  ['UPDATE delivery SET version = 9 WHERE target = $', [settle, ofTarget], 'delivery'],
];

/** Of an event or an answer that is not yet in the table in which it stays. */
const RECENT_CASES: typeof CASES = [
  ["UPDATE recent SET event = x'00' WHERE actor = $ AND number = 2", [history], 'event 2 of'],
  ['UPDATE recent SET at = at + 1 WHERE actor = $ AND number = 2', [history], 'event 2 of'],
  ['UPDATE recent SET number = NULL WHERE actor = $ AND number = 2', [history], 'event 2 of'],
  ['DELETE FROM recent WHERE actor = $ AND number = 2', [history], 'event 2 of'],
  ['DELETE FROM recent WHERE actor = $ AND number = 3', [history], 'event 3 of'],
  ['UPDATE recent SET number = 4 WHERE actor = $ AND number = 3', [history], 'event 3 of'],
  ["UPDATE recent SET answer = x'00' WHERE actor = $", [answer], "answer 'k' of"],
  ['UPDATE recent SET at = at - 1 WHERE actor = $', [answer, history], ' of'],
];

describe('A row of a SQLite database that was changed', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-rows-'));
    file = join(folder, 'spec.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function withStorage(work: (storage: StateStorage) => Promise<void>): Promise<void> {
    const database = await OpenSqlite.open(file);
    await work(database.storage).finally(() => database.close());
  }

  function change(...statements: readonly string[]): void {
    const database = openSqlite(file, 1_000);
    for (const each of statements) database.exec(each);
    database.close();
  }

  /** Brings events and answers to the tables in which they stay. */
  function settleRecent(): void {
    const database = openSqlite(file, 1_000);
    new SqliteRecent(new SqliteStatements(database), 1).settle();
    database.close();
  }

  it('is refused by its name and left as it is, and nothing else is concerned', () => refused(CASES, true));

  it('of what is recent is refused too, before it is moved and afterwards', () => refused(RECENT_CASES, false));

  it('is not made good by a commit of whoever knew it before', async () => {
    await withStorage(async (storage) => {
      await fill(storage, HEALTHY);
      const next = { actor: HEALTHY, epoch: 1, events: [text('more')] };
      await storage.commit({ ...next, version: 1, writeId: 'w2' });
      change('UPDATE actor_state SET last_event = last_event + 1');
      expect(await storage.commit({ ...next, version: 2, writeId: 'w3' })).to.include({ kind: 'accepted' });
      const failure: unknown = await storage.read(HEALTHY).catch((error: unknown) => error);
      expect(failure).to.have.property('code', 'STORAGE_CORRUPT');
    });
  });

  async function refused(cases: typeof CASES, isSettled: boolean): Promise<void> {
    const actors = cases.map((_, index) => `shop/Cart/${index}`);
    await withStorage(async (storage) => {
      for (const actor of [...actors, HEALTHY]) await fill(storage, actor);
    });
    if (isSettled) settleRecent();
    change(...cases.map(([statement], index) => statement.replace('$', `'${actors[index]}'`)));
    for (let round = 0; round < 2; round++) {
      await withStorage(async (storage) => {
        for (const [index, [statement, noticed, named]] of cases.entries()) {
          const actor = actors[index] as string;
          for (const work of noticed) {
            const failure: unknown = await work(storage, actor).catch((error: unknown) => error);
            expect(failure, statement).to.have.property('code', 'STORAGE_CORRUPT');
            expect(String(failure), statement).to.contain(named).and.to.contain(actor);
          }
        }
        for (const work of [read, history, answer, ofTarget, list]) await work(storage, HEALTHY);
      });
      settleRecent();
    }
  }

  it('stands before no other delivery that is due, and is told when nothing else is', async () => {
    const later = { slot: 7, due: { at: 2_000 }, data: text('x'), target: HEALTHY };
    await withStorage((storage) =>
      storage.deliver([
        ...['bad-1', 'bad-2', 'bad-3'].map((id) => ({ ...later, id, due: { at: 1_000 } })),
        { ...later, id: 'good-1' },
        { ...later, id: 'good-2' },
      ]),
    );
    change("UPDATE delivery SET target = 'other' WHERE id LIKE 'bad%'");
    await withStorage(async (storage) => {
      for (const id of ['good-1', 'good-2']) {
        const { deliveries } = await storage.due(RING, 1);
        expect(deliveries.map((one) => one.id)).to.deep.equal([id]);
        expect(await storage.settle(deliveries[0] as { id: string; version: number })).to.equal(true);
      }
      const failure: unknown = await storage.due(RING, 1).catch((error: unknown) => error);
      expect(String(failure)).to.contain('STORAGE_CORRUPT').and.to.contain('delivery bad-1');
    });
  });

  it('of an answer is not forgotten for what it says of its age', async () => {
    await withStorage((storage) => fill(storage, HEALTHY));
    settleRecent();
    change('UPDATE answer SET at = 5');
    await withStorage(async (storage) => {
      expect(await storage.forget({ answersOlderThanMs: 3_600_000, limit: 10 })).to.equal(0);
    });
    // Of an actor whose own row is spoiled nothing is forgotten either, and others are.
    const [spoiled, other] = ['shop/Cart/spoiled', 'shop/Cart/other'];
    await withStorage(async (storage) => {
      for (const actor of [spoiled, other]) await fill(storage, actor);
    });
    change(`UPDATE actor_state SET answers = 7 WHERE actor = '${spoiled}'`);
    await withStorage(async (storage) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await storage.forget({ answersOlderThanMs: 0, limit: 10 })).to.equal(1);
      expect(await storage.answer(other, 'k')).to.equal(undefined);
      expect(await storage.answer(spoiled, 'k')).to.have.length(6);
    });
    change('UPDATE counter SET value = 0');
    await withStorage(async (storage) => {
      const again = { id: 'd', target: HEALTHY, slot: 1, due: { inMs: 0 }, data: text('x') };
      const failure: unknown = await storage.deliver([again]).catch((error: unknown) => error);
      expect(String(failure)).to.contain('counter of deliveries');
    });
  });
});
