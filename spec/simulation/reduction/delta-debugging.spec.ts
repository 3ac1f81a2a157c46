import { expect } from 'chai';
import * as fc from 'fast-check';
import { reduceList } from '../../../lib/simulation/reduction/delta-debugging';

const names = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`);

/** Finds the first candidate that holds all that is needed, as a run would that fails only then. */
function needs(needed: readonly string[]) {
  return async (candidates: readonly (readonly string[])[]) => {
    const index = candidates.findIndex((candidate) => needed.every((name) => candidate.includes(name)));
    return index < 0 ? undefined : index;
  };
}

describe('Delta debugging', () => {
  it('leaves exactly what is needed, in its order, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.nat(79), { maxLength: 6 }),
        async (count, places) => {
          const all = names(count);
          const needed = all.filter((_, index) => places.includes(index));
          expect(await reduceList(all, needs(needed))).to.deep.equal(needed);
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it('leaves nothing when nothing is needed', async () => {
    expect(await reduceList(names(9), needs([]))).to.deep.equal([]);
  });

  it('ends with what it has when nothing fails any more', async () => {
    expect(await reduceList(names(9), async () => undefined)).to.deep.equal(names(9));
  });
});
