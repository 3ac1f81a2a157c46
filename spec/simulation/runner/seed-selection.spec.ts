import { expect } from 'chai';
import { readSeedOverride, seedsOf } from '../../../lib/simulation/runner/seed-selection';

describe('The selection of seeds', () => {
  it('takes a number as so many from 1 on, a range with both ends, and a list as it is', () => {
    expect(seedsOf(3)).to.deep.equal([1, 2, 3]);
    expect(seedsOf({ from: 17, to: 19 })).to.deep.equal([17, 18, 19]);
    expect(seedsOf([5, 3])).to.deep.equal([5, 3]);
  });

  it('is what the environment says when it says anything', () => {
    expect(readSeedOverride({})).to.equal(undefined);
    expect(readSeedOverride({ MOONPOOL_SEED: '', MOONPOOL_SEEDS: '' })).to.equal(undefined);
    expect(readSeedOverride({ MOONPOOL_SEED: '17', MOONPOOL_SEEDS: '5' })).to.deep.equal({
      selection: [17],
      isReplay: true,
    });
    expect(readSeedOverride({ MOONPOOL_SEEDS: '1000' })).to.deep.equal({ selection: 1_000, isReplay: false });
    expect(readSeedOverride({ MOONPOOL_SEEDS: '10-20' })).to.deep.equal({
      selection: { from: 10, to: 20 },
      isReplay: false,
    });
  });

  it('refuses what is no seed, and says what was found', () => {
    expect(() => readSeedOverride({ MOONPOOL_SEED: 'x17' })).to.throw(/MOONPOOL_SEED is "x17"/);
    expect(() => readSeedOverride({ MOONPOOL_SEEDS: '9007199254740993' })).to.throw(/no whole number/);
  });
});
