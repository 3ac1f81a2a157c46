import { expect } from 'chai';
import { StateCells, type StateCellsParts } from '../../lib/persistence/state-cells';
import { decodeStateRecord, encodeStateRecord } from '../../lib/persistence/state-record';

const ACTOR = 'shop/Cart/1';
const state = { version: 1, bytes: Uint8Array.of(7) };

describe('The states of an activation', () => {
  it('go on with those in the store that the class does not have any more, until the actor is deleted', () => {
    const stored = encodeStateRecord(ACTOR, new Map([['of an earlier release', state]]));
    const cells = new StateCells(ACTOR, [], {} as never, { events: {} } as StateCellsParts);
    expect(cells.isEmpty).to.equal(true);
    cells.load(stored);
    expect(cells.isEmpty).to.equal(false);
    const kept = decodeStateRecord(ACTOR, cells.record).get('of an earlier release');
    expect([kept?.version, [...(kept?.bytes ?? [])]]).to.deep.equal([1, [7]]);
    cells.reset();
    expect(cells.isEmpty).to.equal(true);
  });
});
