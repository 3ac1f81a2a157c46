import { expect } from 'chai';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';
import type { StateCommit } from '../../../lib/storage/state-commit';

const deliveryOf = (id: string) => ({ id, target: 'a', slot: 1, due: { inMs: 0 }, data: Uint8Array.of(1) });

describe('The versions of deliveries in SQLite', () => {
  it('are each given once, by whatever process, also when a transaction was undone in which one had begun to give them', () => {
    const database = openSqlite(':memory:', 0);
    prepareStates(database, ':memory:');
    const [one, other] = [0, 0].map(() => new SqliteStateOperations(database, () => 1_000)) as [
      SqliteStateOperations,
      SqliteStateOperations,
    ];
    database.exec('BEGIN IMMEDIATE');
    one.deliver([deliveryOf('undone')]);
    database.exec('ROLLBACK');
    one.undone();
    other.deliver(['a', 'b', 'c'].map(deliveryOf));
    one.deliver(['d', 'e'].map(deliveryOf));
    const { deliveries } = one.deliveries({ limit: 10 });
    expect(deliveries.map(({ id }) => id)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(new Set(deliveries.map(({ version }) => version)).size).to.equal(5);
    database.close();
  });
});

describe('An actor that is deleted in SQLite', () => {
  it('leaves none of the events and answers that were written last, and begins again without them', () => {
    const database = openSqlite(':memory:', 0);
    prepareStates(database, ':memory:');
    const states = new SqliteStateOperations(database, () => 1_000);
    const { epoch } = states.claim('a');
    let version = 0;
    const commit = (more: Partial<StateCommit>): void => {
      const outcome = states.commit({ actor: 'a', epoch, version, writeId: `w${version}`, ...more });
      expect(outcome).to.deep.equal({ kind: 'accepted', version: ++version });
    };
    const found = () => [
      states.history('a', 1, 10).map(({ data }) => [...data]),
      ['k1', 'k2'].map((key) => states.answer('a', key)?.[0]),
    ];
    const [old, fresh] = [Uint8Array.of(1), Uint8Array.of(2)];
    commit({ events: [old, old], answers: [{ key: 'k1', data: old }] });
    commit({ events: [old], answers: [{ key: 'k2', data: old }] });
    commit({ destroys: true, data: null });
    expect(found()).to.deep.equal([[], [undefined, undefined]]);
    commit({ events: [fresh], answers: [{ key: 'k2', data: fresh }] });
    expect(found()).to.deep.equal([[[2]], [undefined, 2]]);
    database.close();
  });
});
