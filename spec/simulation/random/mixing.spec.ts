import { expect } from 'chai';
import { integerPower } from '../../../lib/simulation/random/mixing';

describe('An integer power', () => {
  it('is the product of so many factors', () => {
    expect([0, 1, 2, 3, 10].map((exponent) => integerPower(2, exponent))).to.deep.equal([1, 2, 4, 8, 1_024]);
    expect(integerPower(3, 5)).to.equal(243);
    expect(integerPower(0.5, 1_000)).to.be.closeTo(2 ** -1_000, 1e-310);
    expect(integerPower(0, 4)).to.equal(0);
  });
});
