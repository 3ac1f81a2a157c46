import { expect } from 'chai';
import type { PersistRecord } from '../../lib/metadata/actor-record';
import type { StateCell } from '../../lib/persistence/state-cell';
import { StateCells, type StateCellsParts } from '../../lib/persistence/state-cells';
import { decodeStateRecord, encodeStateRecord } from '../../lib/persistence/state-record';
import { JsonSerializer } from '../../lib/serialization/json-serializer';

const ACTOR = 'shop/Cart/1';
const state = { version: 1, bytes: Uint8Array.of(7) };

describe('The states of an activation', () => {
  it('go on with those in the store that the class does not have any more, until the actor is deleted', () => {
    const stored = encodeStateRecord(ACTOR, new Map([['of an earlier release', state]]));
    const cells = new StateCells([], { actor: ACTOR } as never, { events: {} } as StateCellsParts);
    expect(cells.isEmpty).to.equal(true);
    cells.load(stored);
    expect(cells.isEmpty).to.equal(false);
    const kept = decodeStateRecord(ACTOR, cells.record).get('of an earlier release');
    expect([kept?.version, [...(kept?.bytes ?? [])]]).to.deep.equal([1, [7]]);
    cells.reset();
    expect(cells.isEmpty).to.equal(true);
  });

  it('are together no larger than the limit, also where a handler writes one of them', () => {
    class Text {
      text = '';
    }
    const records = ['one', 'other'].map((name) => ({ name, property: name, type: Text, version: 1, upcasts: [] }));
    const cells = new StateCells(records as unknown as readonly PersistRecord[], { actor: ACTOR } as never, {
      ...({ events: {}, instances: { isDue: () => false } } as unknown as StateCellsParts),
      ...{ serializer: new JsonSerializer(), options: { maxStateBytes: 1_000 } },
    });
    const [one, other] = [{} as Record<string, StateCell>].map((instance) => {
      cells.attach(instance);
      return [instance['one'], instance['other']];
    })[0] as [StateCell, StateCell];
    for (const cell of [one, other]) cell.value = Object.assign(new Text(), { text: 'x'.repeat(600) });
    cells.take(one);
    expect(() => cells.take(other))
      .to.throw('takes 12')
      .with.property('code', 'STATE_TOO_LARGE');
    expect([one.exists, other.exists]).to.deep.equal([true, false]);
  });
});
