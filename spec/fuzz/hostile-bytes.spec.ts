import { expect } from 'chai';
import fc from 'fast-check';
import { Victim } from './victim';
import { prototypesAsText } from './prototypes';

/** How many mutants each run hands over, and how many runs there are. */
const MUTANTS = 100;
const RUNS = 1_000;

describe('Hostile bytes', () => {
  it('do no harm: 100,000 mutated packets of every kind', async function () {
    this.timeout(60_000);
    const before = prototypesAsText();
    const victim = await Victim.start();
    try {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          victim.attack(seed, MUTANTS);
          await new Promise(setImmediate);
          expect(victim.problems.splice(0).slice(0, 2)).to.deep.equal([]);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      // Most mutants are refused, and after a farewell nothing is heard; but what is never reached is not tried.
      expect(victim.served).to.be.greaterThan(RUNS);
    } finally {
      await victim.end();
    }
    expect(prototypesAsText()).to.equal(before);
  });
});
