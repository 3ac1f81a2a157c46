import { expect } from 'chai';
import { openSqlite, type SqliteDatabase, type SqliteStatement } from '../../../lib/engines/sqlite/sqlite-driver';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';

const RING = { from: 0, to: 2 ** 31 };
const [actor, limit] = ['a/b/c', 10];
const data = Uint8Array.of(1);

/** Everything that is asked of the database, with how SQLite goes about it. */
function plansOf(work: (operations: SqliteStateOperations) => unknown): readonly string[] {
  const database = openSqlite(':memory:', 0);
  prepareStates(database, ':memory:');
  const asked = new Set<string>();
  const watched: SqliteDatabase = {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare: (sql): SqliteStatement => {
      asked.add(sql);
      return database.prepare(sql);
    },
  };
  work(new SqliteStateOperations(watched, () => 1_000));
  const plans = [...asked].flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from(sql.matchAll(/\?/g), () => 0))
      .map(({ detail }) => `${String(detail)} -- ${sql}`),
  );
  database.close();
  return plans;
}

describe('What the SQLite engine asks of its file', () => {
  it('is found by an index, sorts nothing, and looks at no more rows than it gives', () => {
    const plans = plansOf((operations) => {
      operations.claim(actor);
      const commit = { actor, epoch: 1, writeId: 'w', data, events: [data], snapshot: { upTo: 1, data } };
      const delivery = { id: 'd', target: actor, slot: 1, due: { at: 10 }, data };
      const answers = [
        { key: 'k', data },
        { key: 'l', data },
      ];
      operations.commit({ ...commit, version: 0, answers, keptAnswers: 1, deliveries: [delivery], cancels: ['x'] });
      operations.commit({ actor, epoch: 1, version: 1, writeId: 'w', events: [data] });
      operations.deliver([{ ...delivery, id: 'e' }]);
      operations.read(actor);
      operations.list({ prefix: 'a/', limit });
      operations.list({ prefix: 'a/', after: 'a/b', limit });
      operations.count('a/');
      operations.history(actor, 1, limit);
      operations.answer(actor, 'k');
      const [due] = operations.due(RING, limit).deliveries;
      operations.settle({ id: 'd', version: due?.version ?? 0, next: { due: { inMs: 5 }, data } });
      operations.deliveries({ target: actor, limit });
      operations.deliveries({ target: actor, onlyDead: true, after: 'a', limit });
      operations.deliveries({ onlyDead: true, after: 'a', limit });
      operations.forget({ answersOlderThanMs: 10, limit });
      operations.commit({ actor, epoch: 1, version: 2, writeId: 'w', destroys: true });
    });
    expect(plans.length).to.be.greaterThan(20);
    // The oldest answers are looked for among those of one actor, once for a quarter of as many as are kept.
    // What is recent is moved as a whole, and sorted for that.
    const rare =
      /^USE TEMP B-TREE FOR ORDER BY -- DELETE FROM answer|-- INSERT OR REPLACE INTO (?:event|answer) .* FROM recent/;
    expect(plans.filter((plan) => /SCAN (?!CONSTANT ROW)|TEMP B-TREE/.test(plan) && !rare.test(plan))).to.deep.equal(
      [],
    );
  });

  it('goes through the ids in their order where all deliveries, or all dead letters, are asked for', () => {
    const plans = plansOf((operations) => {
      operations.deliveries({ limit });
      operations.deliveries({ onlyDead: true, limit });
    });
    expect(plans.map((plan) => plan.replace(/ --.*/s, ''))).to.deep.equal([
      'SCAN delivery',
      'SCAN delivery USING INDEX dead_delivery',
    ]);
  });

  it('finds what is due by the time at which it is, and dead letters among their kind', () => {
    const plans = plansOf((operations) => {
      operations.due(RING, limit);
      operations.deliveries({ onlyDead: true, after: 'a', limit });
      operations.list({ prefix: 'a', limit });
    });
    const using = plans.map((plan) => /USING (?:COVERING )?INDEX \w+ \(.*?\)/.exec(plan)?.[0]);
    expect(using).to.deep.equal([
      'USING INDEX delivery_due (due_at<?)',
      'USING COVERING INDEX delivery_due (due_at>?)',
      'USING INDEX dead_delivery (id>?)',
      'USING INDEX listed_actor (actor>? AND actor<?)',
    ]);
  });
});
