import { expect } from 'chai';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';

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
