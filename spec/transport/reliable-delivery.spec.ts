import { expect } from 'chai';
import { ReliableScenario, SITUATIONS, type Situation } from './reliable-scenario';

const SEEDS = 200;
/** A first opening comes so late in it that the receiver takes it for the session which is there. */
const KEPT_SEEDS = [12_336];

describe('Reliable messages between transports', () => {
  it('are delivered once and in order or told as given up, whatever a hostile world does', async () => {
    const situations = new Set<Situation>();
    let delivered = 0;
    for (const seed of [...Array.from({ length: SEEDS }, (_, index) => index + 1), ...KEPT_SEEDS]) {
      const outcome = await new ReliableScenario(seed).run();
      expect(outcome.violations, `seed ${seed}`).to.deep.equal([]);
      for (const situation of outcome.situations) situations.add(situation);
      delivered += outcome.delivered;
    }
    expect([...situations]).to.have.members([...SITUATIONS]);
    expect(delivered).to.be.greaterThan(SEEDS * 100);
  });
});
