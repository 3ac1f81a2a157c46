import { expect } from 'chai';
import type { ConnectFaults } from '../../../../lib/simulation/network/rules/connect-fault-rule';
import { errorOf } from '../../engine/engine-fixture';
import { ADDRESS_OF_B, withTwoMachines } from '../network-fixture';

/** What becomes of a request to connect, and how long that takes, on the first link that is prone to faults. */
async function dial(connects: ConnectFaults): Promise<{ error: Error; tookMs: number; accepted: number }> {
  for (let seed = 1; ; seed++) {
    let outcome: { error: Error; tookMs: number; accepted: number } | undefined;
    await withTwoMachines(
      seed,
      async (parts) => {
        if (!parts.world.network.conditions.link('a', 'b').isProneTo('connect-fault')) return;
        let accepted = 0;
        await parts.network(parts.b).listen(ADDRESS_OF_B, () => accepted++);
        parts.unleash();
        const begunAt = parts.engine.now;
        const error = await errorOf(parts.network(parts.a).connect(ADDRESS_OF_B));
        outcome = { error, tookMs: parts.engine.now - begunAt, accepted };
      },
      { connects },
    );
    if (outcome !== undefined) return outcome;
  }
}

describe('A request to connect', () => {
  it('is refused by chance although somebody listens', async () => {
    const { error, tookMs, accepted } = await dial({ refusedProbability: 1, hangsProbability: 0 });
    expect(error).to.have.property('code', 'CONNECTION_REFUSED');
    expect(tookMs).to.be.lessThan(20);
    expect(accepted).to.equal(0);
  });

  it('hangs by chance until its caller gives up', async () => {
    const { error, tookMs, accepted } = await dial({ refusedProbability: 0, hangsProbability: 1 });
    expect(error).to.have.property('code', 'CONNECTION_FAILED');
    expect(tookMs).to.be.within(3_000, 3_001);
    expect(accepted).to.equal(0);
  });
});
