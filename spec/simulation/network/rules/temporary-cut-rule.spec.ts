import { expect } from 'chai';
import { errorOf } from '../../engine/engine-fixture';
import { ADDRESS_OF_B, connect, withTwoMachines } from '../network-fixture';

describe('A temporary cut', () => {
  it('stops a link both ways, for new connections too, and restores it: connections survive', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near, far } = await connect(parts);
        parts.unleash();
        near.say('there');
        await parts.sleep(10);
        far.say('and back');
        parts.world.network.conditions.setFaulty(false);
        await parts.sleep(4_000);
        expect([near.text, far.text]).to.deep.equal(['', '']);
        expect((await errorOf(parts.network(parts.a).connect(ADDRESS_OF_B))).message).to.contain('no answer within');
        await parts.sleep(4_000);
        expect([near.text, far.text, near.closes, far.closes]).to.deep.equal(['and back', 'there', 0, 0]);
      },
      { temporaryCuts: { probability: 1, minMs: 10_000, maxMs: 10_000 } },
    ));
});
