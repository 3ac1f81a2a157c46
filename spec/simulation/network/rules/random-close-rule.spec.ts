import { expect } from 'chai';
import type { ChaosProfile } from '../../../../lib/simulation/chaos/profile/chaos-profile';
import { ADDRESS_OF_B, connect, withTwoMachines, type Ear, type TwoMachines } from '../network-fixture';

const CLOSES: Partial<ChaosProfile> = { closes: { probability: 1, cooldownMs: 5_000 } };

/** Sends one text on a connection that closes by chance at the first write or read, over seeds; returns how each ear stood. */
async function closings(
  afterwards: (parts: TwoMachines, ears: { near: Ear; far: Ear }) => Promise<void>,
): Promise<void> {
  for (let seed = 1; seed <= 40; seed++) {
    await withTwoMachines(
      seed,
      async (parts) => {
        const ears = await connect(parts);
        parts.unleash();
        ears.near.say('words');
        await parts.sleep(50);
        await afterwards(parts, ears);
      },
      CLOSES,
    );
  }
}

function standing(ear: Ear): string {
  if (ear.closes > 0) return 'reset';
  return ear.hasEnded ? 'ended' : 'open';
}

describe('A random close', () => {
  it('comes to the sender, the receiver or both, in order or suddenly', async () => {
    const found = new Set<string>();
    await closings(async (_, { near, far }) => void found.add(`${standing(near)} ${standing(far)}`));
    // A receiver that alone has lost the connection answers what arrives with a reset.
    expect([...found].sort()).to.deep.equal(['ended ended', 'ended open', 'reset ended', 'reset open', 'reset reset']);
  });

  it('lets the other side learn it from the answer to what it sends next', async () => {
    let learnt = 0;
    await closings(async (parts, { near, far }) => {
      expect(parts.engine.faults.size).to.equal(1);
      if (standing(near) === 'open' || standing(far) !== 'open') return;
      far.say('are you there?');
      expect(await far.closed.promise).to.have.property('code', 'CONNECTION_FAILED');
      learnt++;
    });
    expect(learnt).to.be.greaterThan(3);
  });

  it('ends in order for whoever learned of an end and ends too', async () => {
    await closings(async (_, { near }) => {
      if (standing(near) !== 'ended') return;
      near.connection.end();
      expect(await near.closed.promise).to.equal(undefined);
    });
  });

  it('is followed by a while in which nothing closes', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const first = await connect(parts);
        parts.unleash();
        first.near.say('x');
        await parts.sleep(10);
        expect(parts.engine.faults.get('random-close')).to.equal(1);
        const other = await parts.network(parts.a).connect(ADDRESS_OF_B);
        for (let piece = 0; piece < 20; piece++) other.write(Buffer.from('x'));
        await parts.sleep(100);
        expect(parts.engine.faults.get('random-close')).to.equal(1);
        await parts.sleep(5_000);
        other.write(Buffer.from('x'));
        await parts.sleep(100);
        expect(parts.engine.faults.get('random-close')).to.equal(2);
      },
      CLOSES,
    ));
});
