import { expect } from 'chai';
import { flipBits } from '../../../../lib/simulation/network/rules/bit-flip-rule';
import { connect, withTwoMachines } from '../network-fixture';

/** How many bits of two texts of one length differ. */
function differingBits(a: string, b: string): number {
  const [left, right] = [Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')];
  let bits = 0;
  for (const [index, byte] of left.entries())
    for (let rest = byte ^ (right[index] ?? 0); rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}

const SENT = 'a'.repeat(100);

describe('A bit flip', () => {
  it('flips exactly the bits that it names, in a copy', () => {
    const bytes = Buffer.from([0b0000_0000, 0b1111_1111]);
    expect([...flipBits(bytes, [0, 7, 8])]).to.deep.equal([0b1000_0001, 0b1111_1110]);
    expect([...bytes]).to.deep.equal([0, 255]);
  });

  it('garbles 1 to 32 bits of a delivery, few likelier than many, and the length stays', async () => {
    const counts: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      await withTwoMachines(
        seed,
        async (parts) => {
          const { near, far } = await connect(parts, 'latin1');
          parts.unleash();
          near.say(SENT);
          await parts.sleep(5);
          expect(far.text).to.have.length(SENT.length);
          counts.push(differingBits(far.text, SENT));
        },
        { bitFlips: { probability: 1 } },
      );
    }
    expect(Math.min(...counts)).to.equal(1);
    expect(Math.max(...counts)).to.be.within(17, 32);
    expect(counts.filter((count) => count <= 8).length).to.be.greaterThan(counts.length / 2);
  });

  it('spares a stable link', () =>
    withTwoMachines(
      1,
      async (parts) => {
        parts.world.network.conditions.link('a', 'b').isStable = true;
        const { near, far } = await connect(parts);
        parts.unleash();
        near.say(SENT);
        await parts.sleep(5);
        expect(far.text).to.equal(SENT);
      },
      { bitFlips: { probability: 1 } },
    ));
});
