import { expect } from 'chai';
import type { VanishingFaults } from '../../../../lib/simulation/network/rules/vanishing-rule';
import { connect, withTwoMachines } from '../network-fixture';

const NEVER: VanishingFaults = {
  halfOpenProbability: 0,
  blackHoleProbability: 0,
  minResetMs: 1_000,
  maxResetMs: 2_000,
};

describe('A half-open connection', () => {
  it('is lost for one side, while the other sees nothing until a late reset, or for ever', async () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      await withTwoMachines(
        seed,
        async (parts) => {
          const { near, far } = await connect(parts);
          parts.unleash();
          near.say('words');
          await parts.sleep(100);
          expect([near.closes, far.closes, far.text]).to.deep.equal([0, 1, '']);
          near.say('are you there?');
          await parts.sleep(900);
          expect(near.closes).to.equal(0);
          await parts.sleep(60_000);
          outcomes.add(near.closes > 0 ? 'reset' : 'silence');
        },
        { vanishing: { ...NEVER, halfOpenProbability: 1 } },
      );
    }
    expect([...outcomes].sort()).to.deep.equal(['reset', 'silence']);
  });
});

describe('A black hole', () => {
  it('takes everything that is sent, both ways, and tells nobody', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near, far } = await connect(parts);
        parts.unleash();
        near.say('words');
        await parts.sleep(100);
        far.say('more words');
        near.connection.end();
        await parts.sleep(60_000);
        expect([near.text, near.closes, far.text, far.closes, far.hasEnded]).to.deep.equal(['', 0, '', 0, false]);
      },
      { vanishing: { ...NEVER, blackHoleProbability: 1 } },
    ));

  it('fills the send buffer, for nothing is taken at the other end', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near } = await connect(parts);
        parts.unleash();
        let writes = 0;
        while (near.say('x'.repeat(10_000))) {
          writes++;
          await parts.sleep(1_000);
        }
        expect(writes).to.equal(6);
        await parts.sleep(60_000);
        expect(near.drains).to.equal(0);
      },
      { vanishing: { ...NEVER, blackHoleProbability: 1 } },
    ));
});
