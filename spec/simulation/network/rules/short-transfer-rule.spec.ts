import { expect } from 'chai';
import type { ChaosProfile } from '../../../../lib/simulation/chaos/profile/chaos-profile';
import { connect, withTwoMachines, type Ear, type TwoMachines } from '../network-fixture';

const SHORT: Partial<ChaosProfile> = { shortTransfers: { probability: 0.9, keepBytes: 10 } };

/** The first seed whose link is prone to the one and not to the other. */
async function onProneLink(
  site: string,
  other: string,
  body: (parts: TwoMachines, ears: { near: Ear; far: Ear }) => Promise<void>,
): Promise<void> {
  for (let seed = 1; ; seed++) {
    let found = false;
    await withTwoMachines(
      seed,
      async (parts) => {
        const link = parts.world.network.conditions.link('a', 'b');
        found = link.isProneTo(site) && !link.isProneTo(other);
        if (!found) return;
        const ears = await connect(parts);
        parts.unleash();
        await body(parts, ears);
        expect([...parts.engine.faults.keys()]).to.deep.equal([site]);
      },
      SHORT,
    );
    if (found) return;
  }
}

const TEXT = 'a sentence of some length, for it is to be taken apart';

describe('A short write', () => {
  it('lets a part leave and the rest later, in order', () =>
    onProneLink('short-write', 'short-read', async (parts, { near, far }) => {
      near.say(TEXT);
      await parts.sleep(20);
      expect(far.text).to.equal(TEXT);
      expect(far.pieces).to.be.greaterThan(1);
    }));

  it('makes nobody who asks for room wait longer than it takes to arrive', () =>
    onProneLink('short-write', 'short-read', async (parts, { near, far }) => {
      expect(near.say('x'.repeat(66_000))).to.equal(false);
      while (near.drains === 0) await parts.sleep(1);
      expect(far.text.length).to.be.within(66_000 - 64 * 1024, 66_000);
    }));
});

describe('A short read', () => {
  it('gives a part of what has arrived, and the rest after it', () =>
    onProneLink('short-read', 'short-write', async (parts, { near, far }) => {
      near.say(TEXT);
      await parts.sleep(20);
      expect(far.text).to.equal(TEXT);
      expect(far.pieces).to.be.greaterThan(1);
    }));
});

describe('Short transfers', () => {
  it('befall half of the links', async () => {
    let prone = 0;
    for (let seed = 1; seed <= 200; seed++) {
      await withTwoMachines(seed, async ({ world }) => {
        if (world.network.conditions.link('a', 'b').isProneTo('short-write')) prone++;
      });
    }
    expect(prone).to.be.within(80, 120);
  });
});
