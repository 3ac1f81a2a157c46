import { expect } from 'chai';
import type { RandomProvider } from '../../lib/providers/random-provider';
import type { ContractWorld } from 'moonpool/contracts';

const DRAWS = 20_000;

/** What every random provider does. The bounds are so wide that a fair source fails less than once in a billion runs. */
export function describeRandomProviderContract(name: string, world: ContractWorld<RandomProvider>): void {
  describe(`${name} keeps the contract of a random provider:`, () => {
    it('words are unsigned integers of 32 bits, and every bit is set half of the time', () =>
      world.run(async (random) => {
        const counts = Array.from({ length: 32 }, () => 0);
        for (let draw = 0; draw < DRAWS; draw++) {
          const word = random.uint32();
          expect(Number.isInteger(word) && word >= 0 && word < 2 ** 32).to.equal(true);
          for (let bit = 0; bit < 32; bit++) counts[bit] = (counts[bit] as number) + ((word >>> bit) & 1);
        }
        for (const count of counts) expect(count / DRAWS).to.be.within(0.47, 0.53);
      }));

    it('fractions fill the range from 0 up to 1', () =>
      world.run(async (random) => {
        const drawn = Array.from({ length: DRAWS }, () => random.fraction());
        expect(Math.min(...drawn)).to.be.within(0, 0.01);
        expect(Math.max(...drawn)).to.be.within(0.99, 1 - Number.EPSILON / 2);
        expect(drawn.reduce((sum, value) => sum + value, 0) / DRAWS).to.be.within(0.48, 0.52);
      }));

    it('numbers below a bound are each equally likely', () =>
      world.run(async (random) => {
        const odd = Array.from({ length: DRAWS }, () => random.below(3));
        expect([...new Set(odd)].sort()).to.deep.equal([0, 1, 2]);
        for (const side of [0, 1, 2])
          expect(odd.filter((value) => value === side).length / DRAWS).to.be.within(0.3, 0.37);
      }));
  });
}
