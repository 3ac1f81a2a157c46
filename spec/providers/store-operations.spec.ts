import { expect } from 'chai';
import { relayed, serverOf, type OperationTable } from '../../lib/providers/store-operations';

interface Shelf {
  put(name: string, count: number): Promise<number>;
  look?(name: string): Promise<string>;
}

const TABLE = {
  put: { name: 'shelf-put', does: 'put something' },
  look: { name: 'shelf-look', does: 'look', reads: true },
} as const satisfies OperationTable<Shelf>;

describe('The operations of a store', () => {
  it('are asked by one function, with their names and what was given', async () => {
    const asked: unknown[] = [];
    const shelf = relayed<Shelf>(TABLE, async ({ name, does }, args) => asked.push([name, does, ...args]));
    expect(await shelf.put('jam', 2)).to.equal(1);
    await shelf.look?.('jam');
    expect(asked).to.deep.equal([
      ['shelf-put', 'put something', 'jam', 2],
      ['shelf-look', 'look', 'jam'],
    ]);
  });

  it('are those that the store has, where it is at hand', () => {
    const store: Shelf = { put: async () => 1 };
    expect(Object.keys(relayed<Shelf>(TABLE, async () => 0, store))).to.deep.equal(['put']);
  });

  it('are run by their names, and a name that there is not is an error', () => {
    const server = serverOf(TABLE, { put: (name: string, count: number) => name.length + count, look: () => 'full' });
    expect([server('shelf-put', ['jam', 2]), server('shelf-look', ['jam'])]).to.deep.equal([5, 'full']);
    expect(() => server('put', [])).to.throw("there is no operation 'put'");
  });
});
