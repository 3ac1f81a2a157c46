import { expect } from 'chai';
import type { RandomProvider } from 'moonpool';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { Acknowledgements, readAcknowledgements, type Attempt } from './acknowledgements';
import { audit } from './audit';
import { Bed } from './bed';
import { repeat } from './load';
import type { Change } from './node-messages';
import { ROUNDS } from './rounds';
import { judge, type Found } from './verdict';

const entry = (key: string): Change => ({ kind: 'enter', key, account: 'a' });

function attemptsOf(...lines: readonly [what: 'tries' | 'has', change: Change][]): ReadonlyMap<string, Attempt> {
  return readAcknowledgements(lines.map(([what, change]) => `${what} ${JSON.stringify(change)}\n`).join(''));
}

/** A store in which the account `a` has these entries, and its listener has heard of these. */
function found(state: readonly string[], heard: readonly string[], other: Partial<Found> = {}): Found {
  return { books: new Map([['a', { state, journal: state, history: state, heard }]]), rings: new Map(), ...other };
}

describe('What is acknowledged is durable', () => {
  it('through two kills of a node on SQLite; a spoiled list of acknowledgements is seen to differ from the store', async function () {
    this.timeout(60_000);
    const bed = await Bed.create({ engine: 'sqlite' });
    const log = new Acknowledgements(bed.safeFile('acknowledged'));
    const random: RandomProvider = new Xoshiro128(1);
    try {
      await bed.startNode();
      for (const name of ['first', 'second']) {
        const load = await ROUNDS.node({ bed, log, random, name });
        expect(load.acknowledged).to.be.above(0);
        await repeat(await bed.startNode(), load.unanswered, log);
      }
      const right = { lost: [], doubled: [], torn: [], awaited: [] };
      expect(await audit(bed.node, log.read(), 20_000)).to.deep.equal(right);
      const unheardOf: Change = { kind: 'enter', key: 'first.x', account: 'first-0' };
      log.acknowledges(unheardOf);
      const { lost } = await audit(bed.node, log.read(), 0);
      expect(lost).to.deep.equal(['entry first.x of first-0 was acknowledged']);
      // Without its name a message may be sent twice.
      const entered = [...log.read().values()].find(
        ({ change }) => change.kind === 'enter' && change.account === 'first-0',
      );
      const { key = '' } = entered?.change ?? {};
      await bed.node.change({ kind: 'tell', key, account: 'first-0' });
      let doubled: readonly string[] = [];
      while (doubled.length === 0) ({ doubled } = await audit(bed.node, log.read(), 0));
      expect(doubled).to.deep.equal([`${key} is twice in the heard of first-0`]);
    } finally {
      log.close();
      await bed.remove();
    }
  });

  it('or the verdict names what was lost, what came twice, what nobody asked for, and what may still come', () => {
    const alarm: Change = { kind: 'alarm', key: 'k', delayMs: 0 };
    const told: Change = { kind: 'tell', key: 't', account: 'a' };
    const [x, y] = [entry('x'), entry('y')];
    const both = attemptsOf(['tries', x], ['has', x], ['tries', y]);
    const nothing = { lost: [], doubled: [], torn: [], awaited: [] };
    expect(judge(both, found(['x'], ['x']))).to.deep.equal(nothing);
    expect(judge(both, found(['x', 'y'], ['y', 'x'])), 'what was not acknowledged may be there').to.deep.equal(nothing);
    expect(judge(both, found(['y'], ['y'])).lost).to.deep.equal(['entry x of a was acknowledged']);
    expect(judge(both, found(['x', 'x'], ['x'])).doubled).to.include('x is twice in the state of a');
    expect(judge(both, found(['x'], ['x', 'x'])).doubled).to.deep.equal(['x is twice in the heard of a']);
    expect(judge(both, found(['x', 'z'], ['x', 'z'])).torn).to.deep.equal(['z of a was never entered']);
    expect(judge(both, found(['x'], ['x', 'y'])).torn).to.deep.equal(['a has heard of y, which is not entered']);
    expect(judge(both, found(['x'], [])).awaited).to.deep.equal(['the message of entry x of a has not come']);
    const apart = { state: ['x'], journal: ['x'], history: [], heard: ['x'] };
    expect(judge(both, found([], [], { books: new Map([['a', apart]]) })).torn).to.deep.equal([
      'the history of a has 0 entries that are not the 1 of its state',
    ]);
    expect(judge(attemptsOf(['has', told]), found([], [])).awaited).to.deep.equal(['message t has not come to a']);
    const rung = (rings: number) =>
      judge(attemptsOf(['has', alarm]), found([], [], { rings: new Map([['k', rings]]) }));
    expect(rung(1)).to.deep.equal(nothing);
    expect(rung(0).awaited).to.deep.equal(['alarm k has not rung']);
    expect(rung(2).doubled).to.deep.equal(['alarm k rang 2 times']);
  });
});
